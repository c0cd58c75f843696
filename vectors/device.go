package vectors

// DeviceTests returns the known answers for the device.
func DeviceTests() ([]*DeviceTest, error) {
	suite, err := All()
	if err != nil {
		return nil, err
	}
	var tests []*DeviceTest
	for _, t := range Of[*DeviceTest](suite) {
		tests = append(tests, t)
	}
	return tests, nil
}
