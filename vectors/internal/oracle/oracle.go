// Package oracle confirms the vectors by programs that share no code with what
// made them. All of it is tests.
package oracle
