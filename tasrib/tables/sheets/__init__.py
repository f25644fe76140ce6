"""The sheets of a workbook as sparse grids of text, one module for each way to store them."""
