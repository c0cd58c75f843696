// The processor: special registers, interrupts, sleep.
#ifndef CPU_H
#define CPU_H

#include "mem.h"

enum { IRQ_UART = 5, IRQ_TIMER = 6 };

#define SPECIAL_READ(name)                                           \
	({                                                           \
		uint32_t v_;                                         \
		__asm__ volatile("rsr %0, " name : "=a"(v_));        \
		v_;                                                  \
	})
#define SPECIAL_WRITE(name, v) __asm__ volatile("wsr %0, " name "; rsync" ::"a"((uint32_t)(v)) : "memory")

// cpu_lock keeps interrupts out until cpu_unlock.
static inline void cpu_lock(void)
{
	uint32_t old;

	__asm__ volatile("rsil %0, 3" : "=a"(old)::"memory");
}

static inline void cpu_unlock(void)
{
	uint32_t old;

	__asm__ volatile("rsil %0, 0" : "=a"(old)::"memory");
}

// cpu_sleep waits for an interrupt, the timer's after that many cycles included;
// 0 arms no timer. It is entered locked, so that what its caller has just
// checked cannot change before it sleeps, and returns unlocked.
void cpu_sleep(uint32_t cycles);

#endif
