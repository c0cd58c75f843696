// One function for each noun of the core.
#ifndef TESTS_H
#define TESTS_H

void test_digest(void);
void test_cipher(void);
void test_text(void);
void test_json(void);
void test_envelope(void);
void test_seqlog(void);
void test_provision(void);
void test_power(void);
void test_request(void);
void test_reply(void);
void test_delivery(void);
void test_resync(void);
void test_control(void);
void test_fuzz(void);

#endif
