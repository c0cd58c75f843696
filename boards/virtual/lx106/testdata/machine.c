// A little machine with a stack, whose instructions are a switch that becomes
// a jump table: it runs a sieve and a recursive function. Returns 0 if their
// results are right.

typedef unsigned int u32;
typedef unsigned char u8;

enum {
	PUSH, LOAD, STORE, PEEK, POKE, ADD, SUB, MUL, LT, EQ, NOT,
	JMP, JZ, CALL, RET, ARG, POP, SWAP, HALT,
};

// Counts the primes below 48: memory 0 is the number, 1 the count, 2 a multiple,
// and 16 on marks the composite ones.
static const u8 sieve[] = {
	PUSH, 2, STORE, 0,
	[4] = LOAD, 0, PUSH, 48, LT, JZ, 59,
	LOAD, 0, PUSH, 16, ADD, PEEK, NOT, JZ, 50,
	LOAD, 1, PUSH, 1, ADD, STORE, 1,
	LOAD, 0, LOAD, 0, MUL, STORE, 2,
	[34] = LOAD, 2, PUSH, 48, LT, JZ, 50,
	PUSH, 1, LOAD, 2, PUSH, 16, JMP, 62,
	[50] = LOAD, 0, PUSH, 1, ADD, STORE, 0, JMP, 4,
	[59] = LOAD, 1, HALT,
	[62] = ADD, POKE, LOAD, 2, LOAD, 0, ADD, STORE, 2, JMP, 34,
};

// The ninth of Fibonacci's numbers, the slow way.
static const u8 fibonacci[] = {
	PUSH, 9, CALL, 5, HALT,
	[5] = ARG, PUSH, 2, LT, JZ, 13, ARG, RET,
	[13] = ARG, PUSH, 1, SUB, CALL, 5, ARG, PUSH, 2, SUB, CALL, 5, ADD, RET,
};

static int memory[64], stack[64], frames[64][2];

static int run(const u8 *code)
{
	int *sp = stack, depth = 0, pc = 0, arg = 0;
	for (int i = 0; i < 64; i++)
		memory[i] = 0;
	for (;;) {
		int v;
		switch (code[pc++]) {
		case PUSH: *sp++ = code[pc++]; break;
		case LOAD: *sp++ = memory[code[pc++]]; break;
		case STORE: memory[code[pc++]] = *--sp; break;
		case PEEK: sp[-1] = memory[sp[-1]]; break;
		case POKE: sp -= 2; memory[sp[1]] = sp[0]; break;
		case ADD: sp--; sp[-1] += *sp; break;
		case SUB: sp--; sp[-1] -= *sp; break;
		case MUL: sp--; sp[-1] *= *sp; break;
		case LT: sp--; sp[-1] = sp[-1] < *sp; break;
		case EQ: sp--; sp[-1] = sp[-1] == *sp; break;
		case NOT: sp[-1] = !sp[-1]; break;
		case JMP: pc = code[pc]; break;
		case JZ: v = *--sp; pc = v ? pc + 1 : code[pc]; break;
		case CALL:
			frames[depth][0] = pc + 1;
			frames[depth++][1] = arg;
			arg = *--sp;
			pc = code[pc];
			break;
		case RET:
			pc = frames[--depth][0];
			arg = frames[depth][1];
			break;
		case ARG: *sp++ = arg; break;
		case POP: sp--; break;
		case SWAP: v = sp[-1]; sp[-1] = sp[-2]; sp[-2] = v; break;
		default: return sp[-1];
		}
	}
}

int main(void)
{
	return run(sieve) != 15 || run(fibonacci) != 34;
}
