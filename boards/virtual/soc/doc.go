// Package soc is the ESP8266 around its core: memory map, UARTs, flash
// controller, GPIO and straps, timers, watchdog, RTC, random numbers, and the
// link device through which the firmware of a virtual board reaches the
// network.
//
// A register whose effect this project does not know halts the machine with
// its address and the PC, reads as well as writes: nothing is zero for want of
// knowledge. Offsets and bits are those of Espressif's register headers, and
// are cited nowhere else.
//
// All state is in plain structs; only the sockets of the link have goroutines.
// A Machine is not safe for concurrent use.
package soc
