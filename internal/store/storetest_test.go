package store_test

import (
	"kcc/internal/store"
	"kcc/internal/store/storetest"
)

func init() { store.EmptyStore = storetest.Empty }
