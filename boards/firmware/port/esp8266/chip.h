// What every program of this chip begins with.
#ifndef CHIP_H
#define CHIP_H

// chip_start has the chip ready for everything in hal.h.
void chip_start(void);

#endif
