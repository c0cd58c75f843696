package cli

import (
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"github.com/espalier-hil/espalier/harness/report"
)

// exitCodesTopic is `espalier help exit-codes`.
func exitCodesTopic() *cobra.Command {
	return &cobra.Command{Use: "exit-codes", Short: "What the exit codes mean", Long: exitCodes()}
}

// meanings say more than the codes' names.
var meanings = map[report.Code]string{
	report.CodeOK:            "what was asked for was done or tested, and held",
	report.CodeNonconformant: "device, backend or code broke a requirement; an\nenvelope did not open; a reading was refused; a\nreport does not hold, or by report diff something is\nbroken that was not",
	report.CodeUsage:         "the command line, or a file that it names, makes no\nsense",
	report.CodeNothing:       "no spec or vector was selected, or nothing was sent",
	report.CodeHarness:       "Espalier itself or a shim went wrong, or it was\ninterrupted",
	report.CodeUnreachable:   "nothing answers at the backend's address",
	report.CodePartial:       "what was tested held, but something demanded was not\ntested, or not all was sent; by report diff nothing\nis broken that was not, and something no longer told",
	report.CodeBoard:         "INFRA: the board does not answer, or is another one",
	report.CodePort:          "INFRA: no such port, port busy, permission denied, no\nserial port, or port lost",
	report.CodeFlash:         "INFRA: no image, or it could not be written",
	report.CodeBoot:          "INFRA: the board does not boot, or not what was written",
	report.CodeLink:          "INFRA: the board has no such way to the backend",
	report.CodeContainer:     "INFRA: a container was asked for and cannot be had",
	report.CodeCrash:         "the firmware crashed",
	report.CodeServer:        "the server could not be started, or died",
}

// exitCodesEnd is the end of a help text, as a template: the table under the
// program's own, where to find it under a command's.
var exitCodesEnd = "{{if not .HasParent}}\n" + exitCodes() + "\n{{else if .Runnable}}\nExit codes: espalier help exit-codes\n{{end}}"

func exitCodes() string {
	var b strings.Builder
	b.WriteString("Every command ends with one of these codes.\n\n")
	for _, code := range report.Codes() {
		text := strings.ReplaceAll(meanings[code], "\n", "\n"+strings.Repeat(" ", 27))
		fmt.Fprintf(&b, "  %2d  %-20s %s\n", code, code, text)
	}
	b.WriteString(`
Where several things fail in one run, what was proved against device or backend
decides: 1, 20, 21, then INFRA, then 5 and 4. ` + "`go run`" + ` turns any of them into 1.`)
	return b.String()
}
