// Where the reference firmware begins in C.

#include "chip.h"
#include "control.h"
#include "record.h"

_Noreturn void main(void);

_Noreturn void main(void)
{
	struct line line;

	chip_start();
	log_text("espalier-ref\n");
	control_boot();
	for (;;) {
		console_line(&line, 0);
		control_line(&line);
	}
}
