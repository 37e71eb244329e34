// Command kcc is the workforce toolkit of a customer contact centre: history
// to forecast, staffing and roster, and the register of contacts and promises.
package main

import (
	"context"
	"os"
	"os/signal"
	"syscall"
)

// version is set by the linker for a release; see versionString.
var version string

func main() { os.Exit(run()) }

// run executes the command line of the process and returns its exit status.
func run() int {
	app := newApp()
	ctx, interrupted := signalContext()
	defer app.close()
	return app.execute(ctx, os.Args[1:], interrupted)
}

// signalContext returns a context that ends at the first SIGINT or SIGTERM. A
// second signal ends the process at once. The function tells which signal came.
func signalContext() (context.Context, func() os.Signal) {
	ctx, cancel := context.WithCancel(context.Background())
	ch := make(chan os.Signal, 2)
	signal.Notify(ch, os.Interrupt, syscall.SIGTERM)
	got := make(chan os.Signal, 1)
	go func() {
		s := <-ch
		got <- s
		cancel()
		<-ch
		os.Exit(exitOfSignal(s))
	}()
	return ctx, func() os.Signal {
		select {
		case s := <-got:
			return s
		default:
			return nil
		}
	}
}
