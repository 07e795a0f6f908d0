"""Write the made pages anew."""

from docs.making.pages import write_pages

write_pages()
