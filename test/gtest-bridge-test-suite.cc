// SPDX-License-Identifier: GPL-2.0-only

// Runs the GoogleTest cases of this module from ns-3's test-runner and test.py, as the suite
// "iot-fleet". Built inside an ns-3 tree only: stand-alone, CTest runs them.

#include "ns3/test.h"

#include <gtest/gtest.h>

namespace
{

/// All GoogleTest cases that were linked in, as one ns-3 case: when test suites are constructed,
/// not all of them are registered yet, so that they cannot be listed one by one.
class GoogleTestCase : public ns3::TestCase
{
  public:
    GoogleTestCase()
        : TestCase("every GoogleTest case of iot-fleet")
    {
    }

  private:
    void DoRun() override
    {
        NS_TEST_ASSERT_MSG_EQ(RUN_ALL_TESTS(), 0, "a GoogleTest case failed: see the output above");
        NS_TEST_ASSERT_MSG_GT(testing::UnitTest::GetInstance()->successful_test_count(),
                              0,
                              "no GoogleTest case ran");
    }
};

/// The suite that test.py lists.
class GoogleTestBridge : public ns3::TestSuite
{
  public:
    GoogleTestBridge()
        : TestSuite("iot-fleet", Type::UNIT)
    {
        AddTestCase(new GoogleTestCase); // owned by the suite
    }

  private:
    void DoSetup() override
    {
        int argc = 1;
        char name[] = "iot-fleet";
        char* arguments[] = {name, nullptr};
        testing::InitGoogleTest(&argc, arguments);
    }
};

GoogleTestBridge g_googleTestBridge; //!< registers itself

} // namespace
