package io.meshwork.internal.conformance;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.platform.engine.FilterResult;
import org.junit.platform.engine.TestDescriptor;
import org.junit.platform.engine.TestTag;
import org.junit.platform.engine.UniqueId.Segment;
import org.junit.platform.launcher.PostDiscoveryFilter;

/**
 * Selects the tests of long classes that a build runs, by the seed of {@link TestSample}. JUnit
 * loads it as a service.
 *
 * <p>The resource {@code sampled-tests.properties} has the classes and their samples: {@code tests
 * 1-3/4} runs three of four tests, in another build another three; {@code class 0/2} runs all tests
 * of the class in each second build. The numbers before the slash select among classes that draw
 * together: {@code 0/4} and {@code 1-3/4} of two classes with the same tests run each test once.
 * Tests that are named after {@code without} never run. Those with the tag {@code smoke} run in
 * each build, on each backend, but not of a class with {@code drawn 0/4}: another one has its
 * backend.
 */
public final class SampledTests implements PostDiscoveryFilter {
  private static final String LIST = "/sampled-tests.properties";
  private static final TestTag SMOKE = TestTag.create("smoke");
  private static final Pattern SAMPLE =
      Pattern.compile("(class|tests|drawn) (\\d+)(?:-(\\d+))?/(\\d+)(?: without (.+))?");
  private static final Map<String, Sample> SAMPLES = samples();

  private enum Kind {
    CLASS,
    TESTS,
    DRAWN
  }

  private record Sample(Kind kind, int first, int last, int oneOf, List<String> without) {
    static Sample of(String className, String text) {
      Matcher sample = SAMPLE.matcher(text);
      if (!sample.matches()) {
        throw new IllegalStateException(LIST + ": " + className + " has no sample: " + text);
      }
      int first = Integer.parseInt(sample.group(2));
      return new Sample(
          Kind.valueOf(sample.group(1).toUpperCase(Locale.ROOT)),
          first,
          sample.group(3) == null ? first : Integer.parseInt(sample.group(3)),
          Integer.parseInt(sample.group(4)),
          sample.group(5) == null ? List.of() : List.of(sample.group(5).split(" ")));
    }

    boolean includes(String test, boolean isSmokeTest) {
      if (without.stream().anyMatch(name -> test.endsWith(name + "()"))) {
        return false;
      }
      if (!TestSample.SAMPLED || (isSmokeTest && kind != Kind.DRAWN)) {
        return true;
      }
      int number = TestSample.numberOf(kind == Kind.CLASS ? "" : test, oneOf);
      return first <= number && number <= last;
    }
  }

  private static Map<String, Sample> samples() {
    Properties list = new Properties();
    try (InputStream file = SampledTests.class.getResourceAsStream(LIST)) {
      if (file == null) {
        throw new IllegalStateException("The class path has no " + LIST + ".");
      }
      list.load(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return Collections.list(list.keys()).stream()
        .map(Object::toString)
        .collect(
            Collectors.toMap(
                SampledTests::existing, name -> Sample.of(name, list.getProperty(name))));
  }

  /** A class that was renamed would otherwise run whole in each build. */
  private static String existing(String className) {
    try {
      return Class.forName(className, false, SampledTests.class.getClassLoader()).getName();
    } catch (ClassNotFoundException e) {
      throw new IllegalStateException(LIST + " has a class that does not exist.", e);
    }
  }

  @Override
  public FilterResult apply(TestDescriptor descriptor) {
    List<Segment> path = descriptor.getUniqueId().getSegments();
    if (path.get(path.size() - 1).getType().endsWith("class")) {
      return FilterResult.included("not a test of a sample");
    }
    for (int i = 0; i < path.size(); i++) {
      Sample sample = SAMPLES.get(path.get(i).getValue());
      if (sample != null) {
        String test =
            path.subList(i + 1, path.size()).stream()
                .map(Segment::getValue)
                .collect(Collectors.joining("/"));
        return FilterResult.includedIf(
            sample.includes(test, descriptor.getTags().contains(SMOKE)),
            () -> TestSample.REASON,
            () -> TestSample.REASON);
      }
    }
    return FilterResult.included("not a test of a sample");
  }
}
