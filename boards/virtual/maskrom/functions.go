package maskrom

import "errors"

// A function is one that programs call: arguments in a2 to a7, then on the
// stack; the result in a2, of 64 bits in a2 and a3; back to a0.
type function struct {
	name    string
	results int // registers that hold the result
	run     func(*ROM) error
}

// What a function returns instead of a result.
var (
	errWaits = errors.New("maskrom: waits")              // at the same PC, for input
	errAgain = errors.New("maskrom: goes on, undecided") // PC and registers are as they shall be
)

// functions are at the real addresses (eagle.rom.addr.v6.ld of the vendor's
// SDK). They are filled by init, because functions lead back to them.
var functions map[uint32]function

func init() {
	functions = map[uint32]function{
		0x40000454: {"_xtos_set_exception_handler", 1, (*ROM).setExceptionHandler},
		0x400005f0: {"srand", 0, (*ROM).srand},
		0x40000600: {"rand", 1, (*ROM).rand},
		0x40000650: {"__muldi3", 2, (*ROM).muldi3},
		0x40000f74: {"ets_intr_lock", 1, (*ROM).lock},
		0x40000f80: {"ets_intr_unlock", 0, (*ROM).unlock},
		0x40000f88: {"ets_isr_attach", 1, (*ROM).setInterruptHandler},
		0x40000f98: {"ets_isr_mask", 1, (*ROM).mask},
		0x40000fa8: {"ets_isr_unmask", 1, (*ROM).unmask},
		0x40000fbc: {"ets_set_user_start", 0, (*ROM).setUserStart},
		0x400018a4: {"ets_memset", 1, (*ROM).memset},
		0x400018b4: {"ets_memcpy", 1, (*ROM).memcpy},
		0x400018c4: {"ets_memmove", 1, (*ROM).memmove},
		0x400018d4: {"ets_memcmp", 1, (*ROM).memcmp},
		0x40001dcc: {"ets_uart_putc1", 0, (*ROM).etsPutc},
		0x40001f00: {"ets_vprintf", 1, (*ROM).vprintf},
		0x4000242c: {"ets_install_putc1", 0, (*ROM).installPutc1},
		0x40002438: {"ets_install_uart_printf", 0, (*ROM).installUARTPutc},
		0x4000248c: {"ets_install_putc2", 0, (*ROM).installPutc2},
		0x400024cc: {"ets_printf", 1, (*ROM).etsPrintf},
		0x40002544: {"ets_uart_printf", 1, (*ROM).uartPrintf},
		0x400025e0: {"rtc_get_reset_reason", 1, (*ROM).rtcGetResetReason},
		0x4000264c: {"software_reset", 0, (*ROM).softwareReset},
		0x40002a88: {"ets_strcpy", 1, (*ROM).strcpy},
		0x40002a98: {"ets_strncpy", 1, (*ROM).strncpy},
		0x40002aa8: {"ets_strcmp", 1, (*ROM).strcmp},
		0x40002ab8: {"ets_strncmp", 1, (*ROM).strncmp},
		0x40002ac8: {"ets_strlen", 1, (*ROM).strlen},
		0x40002ad8: {"ets_strstr", 1, (*ROM).strstr},
		0x40002ae8: {"ets_bzero", 0, (*ROM).bzero},
		0x40002be8: {"ets_putc", 0, (*ROM).uartTx},
		0x40002ecc: {"ets_delay_us", 0, (*ROM).etsDelay},
		0x40002f04: {"ets_update_cpu_frequency", 0, (*ROM).etsUpdateFrequency},
		0x40002f0c: {"ets_get_cpu_frequency", 1, (*ROM).etsGetFrequency},
		0x4000383c: {"uartAttach", 0, (*ROM).uartAttach},
		0x400038a4: {"uart_buff_switch", 0, (*ROM).uartSwitch},
		0x400039d8: {"uart_div_modify", 0, (*ROM).uartDivModify},
		0x40003a14: {"Uart_Init", 0, (*ROM).uartInit},
		0x40003b30: {"uart_tx_one_char", 1, (*ROM).uartTx},
		0x40003b64: {"uart_rx_one_char_block", 1, (*ROM).uartRxBlock},
		0x40003b8c: {"uart_rx_one_char", 1, (*ROM).uartRx},
		0x40003bbc: {"uart_rx_intr_handler", 0, (*ROM).uartHandler},
		0x40003f4c: {"GetUartDevice", 1, (*ROM).getUART},
		0x40003f58: {"SelectSpiFunction", 0, (*ROM).selectSPI},
		0x400043c8: {"SPI_read_status", 1, (*ROM).spiReadStatus},
		0x40004400: {"SPI_write_status", 1, (*ROM).spiWriteStatus},
		0x4000443c: {"SPI_write_enable", 1, (*ROM).spiWriteEnable},
		0x4000448c: {"Wait_SPI_Idle", 1, (*ROM).spiWaitIdle},
		0x400044c0: {"Enable_QMode", 1, (*ROM).spiEnableQuad},
		0x40004644: {"spi_flash_attach", 0, (*ROM).flashAttach},
		0x40004678: {"Cache_Read_Enable", 0, (*ROM).cacheEnable},
		0x400047f0: {"Cache_Read_Disable", 0, (*ROM).cacheOff},
		0x40004878: {"SPIUnlock", 1, (*ROM).spiUnlock},
		0x400048a8: {"SPILock", 1, (*ROM).spiLock},
		0x400048ec: {"SPIReadModeCnfig", 1, (*ROM).spiReadMode},
		0x40004984: {"SPIEraseChip", 1, (*ROM).spiEraseChip},
		0x400049b4: {"SPIEraseBlock", 1, (*ROM).spiEraseBlock},
		0x40004a00: {"SPIEraseSector", 1, (*ROM).spiEraseSector},
		0x40004a4c: {"SPIWrite", 1, (*ROM).spiWrite},
		0x40004b1c: {"SPIRead", 1, (*ROM).spiRead},
		0x40004b44: {"SPIEraseArea", 1, (*ROM).spiEraseArea},
		0x40004c2c: {"SPIParamCfg", 1, (*ROM).spiParamCfg},
		0x40009818: {"MD5Init", 0, (*ROM).md5Init},
		0x40009834: {"MD5Update", 0, (*ROM).md5Update},
		0x40009900: {"MD5Final", 0, (*ROM).md5Final},
		0x4000bd28: {"_xtos_set_interrupt_handler_arg", 1, (*ROM).setInterruptHandler},
		0x4000bd70: {"_xtos_set_interrupt_handler", 1, (*ROM).setInterruptHandlerPlain},
		0x4000bd84: {"_xtos_ints_on", 1, (*ROM).unmask},
		0x4000bda4: {"_xtos_ints_off", 1, (*ROM).mask},
		0x4000bdc8: {"strcmp", 1, (*ROM).strcmp},
		0x4000bec8: {"strcpy", 1, (*ROM).strcpy},
		0x4000bf4c: {"strlen", 1, (*ROM).strlen},
		0x4000bfa8: {"strncmp", 1, (*ROM).strncmp},
		0x4000c0a0: {"strncpy", 1, (*ROM).strncpy},
		0x4000c180: {"__addsf3", 1, (*ROM).addsf3},
		0x4000c268: {"__subsf3", 1, (*ROM).subsf3},
		0x4000c3dc: {"__mulsf3", 1, (*ROM).mulsf3},
		0x4000c4c4: {"__fixunssfsi", 1, (*ROM).fixunssfsi},
		0x4000c538: {"__adddf3", 2, (*ROM).adddf3},
		0x4000c688: {"__subdf3", 2, (*ROM).subdf3},
		0x4000c8f0: {"__muldf3", 2, (*ROM).muldf3},
		0x4000cb94: {"__divdf3", 2, (*ROM).divdf3},
		0x4000ccb8: {"__fixdfsi", 1, (*ROM).fixdfsi},
		0x4000cd00: {"__fixunsdfsi", 1, (*ROM).fixunsdfsi},
		0x4000cd5c: {"__truncdfsf2", 1, (*ROM).truncdfsf2},
		0x4000cdfc: {"__extendsfdf2", 2, (*ROM).extendsfdf2},
		0x4000ce60: {"__divdi3", 2, (*ROM).divdi3},
		0x4000d310: {"__udivdi3", 2, (*ROM).udivdi3},
		0x4000d770: {"__umoddi3", 2, (*ROM).umoddi3},
		0x4000dbf8: {"_xtos_p_none", 0, (*ROM).nothing},
		0x4000dc88: {"__divsi3", 1, (*ROM).divsi3},
		0x4000dcf0: {"__umulsidi3", 2, (*ROM).umulsidi3},
		0x4000de84: {"bzero", 0, (*ROM).bzero},
		0x4000dea8: {"memcmp", 1, (*ROM).memcmp},
		0x4000df48: {"memcpy", 1, (*ROM).memcpy},
		0x4000e04c: {"memmove", 1, (*ROM).memmove},
		0x4000e190: {"memset", 1, (*ROM).memset},
		0x4000e1e0: {"strstr", 1, (*ROM).strstr},
		0x4000e21c: {"__udivsi3", 1, (*ROM).udivsi3},
		0x4000e268: {"__umodsi3", 1, (*ROM).umodsi3},
		0x4000e2a4: {"__floatunsisf", 1, (*ROM).floatunsisf},
		0x4000e2ac: {"__floatsisf", 1, (*ROM).floatsisf},
		0x4000e2e8: {"__floatunsidf", 2, (*ROM).floatunsidf},
		0x4000e2f0: {"__floatsidf", 2, (*ROM).floatsidf},
	}
}

// nothing is all that a function does that is there to be called.
func (r *ROM) nothing() error { return nil }
