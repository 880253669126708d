"""``python -m workbook.cli`` is the command ``workbook``."""

from workbook.cli import main

main(prog_name="workbook")
