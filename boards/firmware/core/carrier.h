// The ways to the backend. Which one is used is said over the console.
#ifndef CARRIER_H
#define CARRIER_H

#include "delivery.h"

enum {
	CARRY_NET_MS = 5000,   // for one attempt, connecting included
	CARRY_HOST_MS = 15000, // the host has its own five seconds, and some to spare
};

// carry_net speaks TCP through the network that the board has.
carrier carry_net;

// carry_host hands the request to the host as a record and waits for the line
// "reply". It numbers its records, over all messages since boot.
carrier carry_host;

#endif
