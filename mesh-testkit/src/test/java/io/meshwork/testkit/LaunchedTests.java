package io.meshwork.testkit;

import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.launcher.LauncherDiscoveryRequest;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;

/**
 * Runs a test class as a user's build would, and keeps what came of it.
 *
 * @param results by the test's name, on one backend after the other
 * @param printed what went to standard error
 */
record LaunchedTests(Map<String, List<TestExecutionResult>> results, String printed) {
  static LaunchedTests of(Class<?> tests) {
    Map<String, List<TestExecutionResult>> results = new LinkedHashMap<>();
    TestExecutionListener listener =
        new TestExecutionListener() {
          @Override
          public void executionFinished(TestIdentifier test, TestExecutionResult result) {
            results.computeIfAbsent(test.getDisplayName(), name -> new ArrayList<>()).add(result);
          }
        };
    LauncherDiscoveryRequest request =
        LauncherDiscoveryRequestBuilder.request().selectors(selectClass(tests)).build();
    PrintStream before = System.err;
    ByteArrayOutputStream printed = new ByteArrayOutputStream();
    System.setErr(new PrintStream(printed, true, StandardCharsets.UTF_8));
    try {
      LauncherFactory.create().execute(request, listener);
    } finally {
      System.setErr(before);
    }
    return new LaunchedTests(results, printed.toString(StandardCharsets.UTF_8));
  }

  /** How a method ended that ran once. */
  TestExecutionResult of(String test) {
    List<TestExecutionResult> ended = results.getOrDefault(test, List.of());
    if (ended.size() != 1) {
      throw new AssertionError(test + " ran " + ended.size() + " times, there are " + results);
    }
    return ended.get(0);
  }

  /** Why a method failed that ran once. */
  Throwable failureOf(String test) {
    return of(test)
        .getThrowable()
        .orElseThrow(() -> new AssertionError(test + " did not fail: " + results));
  }
}
