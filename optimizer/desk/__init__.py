"""The workbench: an official explores, decides and answers in the browser, without a file to edit."""
