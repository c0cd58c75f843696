// Package soc is the ESP8266 around its core: memory map, UART, SPI flash
// controller, GPIO and straps, timers, watchdogs, RTC, random numbers, and the
// link device through which the firmware of a virtual board reaches the
// network.
//
// A register whose effect this project does not know halts the machine with
// its address and the PC, for reads and for writes: nothing is read as zero
// for want of knowledge.
//
// All state is in plain structs; only the sockets of the link have goroutines.
package soc
