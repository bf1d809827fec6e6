"""HSH beside another system that sells, invoices and moves stock: Tryton, on SQLite too."""
