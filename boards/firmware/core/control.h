// The control protocol: what the host may ask of the device.
#ifndef CONTROL_H
#define CONTROL_H

#include "console.h"

// control_boot reads what is stored and says hello.
void control_boot(void);

// control_line does what one line says and answers it. An empty line is none.
void control_line(const struct line *line);

#endif
