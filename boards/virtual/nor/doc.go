// Package nor is a serial NOR flash chip at the level of its commands, as the
// parts on ESP8266 modules (Winbond's W25Q and its likes) behave: erasing sets
// whole sectors to ones, programming only clears bits and wraps within its
// page, and neither happens without a preceding write enable, nor to what is
// protected.
//
// What the chip has accepted is in its backing file, which no second chip can
// open, when the command returns, so a killed process loses nothing. The
// protection bits are the exception: the file holds the array alone.
package nor
