package io.meshwork.aws;

import io.meshwork.internal.conformance.SuiteSample;
import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Nested;
import org.junit.platform.commons.annotation.Testable;
import org.junit.platform.commons.support.AnnotationSupport;
import org.junit.platform.engine.FilterResult;
import org.junit.platform.engine.TestDescriptor;
import org.junit.platform.engine.UniqueId.Segment;
import org.junit.platform.launcher.PostDiscoveryFilter;

/**
 * Selects the tests of the suites of {@link DynamoMeshTest}, {@link AwsSuitesTest}, and {@link
 * AwsRolesTest}, and of other long classes that a build runs, by {@link SuiteSample}: not the same
 * ones on each. JUnit loads it as a service.
 */
public final class SampledSuites implements PostDiscoveryFilter {
  private static final String HOW = SuiteSample.reason("on each backend");

  /** They list the counts of one principal as another, which shares them in one process only. */
  private static final List<String> OF_ONE_PROCESS =
      List.of("readsAndDenialsAreCountedPerHour", "aReadSucceedsEvenIfItsCountCannotBeWritten");

  /**
   * The classes with all suites, and of how many of their tests a build runs one: of {@link
   * AwsSuitesTest} and {@link AwsRolesTest} together as many as of {@link DynamoMeshTest}.
   */
  private static final Map<String, Backend> BACKENDS =
      Map.of(
          DynamoMeshTest.class.getName(), new Backend(0, SuiteSample.ONE_OF),
          AwsSuitesTest.class.getName(), new Backend(SuiteSample.ONE_OF / 2, half()),
          AwsRolesTest.class.getName(), new Backend(SuiteSample.ONE_OF * 3 / 2, half()));

  /** Long classes, of which a build runs one of at most so many tests. */
  private static final Map<String, Integer> LONG =
      Map.ofEntries(
          entry(AwsAccountsTest.class, 4),
          entry(AwsCostTest.class, 2),
          entry(AwsCatalogsBackupTest.class, 8),
          entry(AwsCatalogsMoveTest.class, 6),
          entry(AwsLiveTopologiesTest.class, 16),
          entry(AwsMoveTest.class, 6),
          entry(AwsMovedBackupTest.class, 6),
          entry(AwsMovedCatalogsTest.class, 4),
          entry(AwsMovedMeshTest.class, 4),
          entry(AwsMovedOnboardingTest.class, 3),
          entry(AwsMovedPlacesTest.class, 8),
          entry(AwsTopologiesTest.class, 16),
          entry(DynamoRegistryConformanceTest.class, 4),
          entry(DynamoTopologiesTest.class, 16),
          entry(GlueLinksTest.class, 8),
          entry(GlueMirrorTest.class, 4),
          entry(GlueRaceTest.class, 3),
          entry(GlueTopologiesTest.class, 6),
          entry(IamTopologiesTest.class, 2),
          entry(LakeFormationAdministratorTest.class, 4),
          entry(LakeFormationBreachTest.class, 3),
          entry(LakeFormationDriftTest.class, 4),
          entry(LakeFormationDutiesTest.class, 2),
          entry(LakeFormationEnginesTest.class, 3),
          entry(LakeFormationLimitsTest.class, 3),
          entry(LakeFormationMirrorTest.class, 6),
          entry(LakeFormationNewColumnsTest.class, 3),
          entry(LakeFormationReadsTest.class, 3),
          entry(LakeFormationReductionTest.class, 3),
          entry(LakeFormationTopologiesTest.class, 3),
          entry(MirrorBreachTest.class, 3),
          entry(MirrorOpenDataTest.class, 4),
          entry(MirrorOpenDomainsTest.class, 4),
          entry(MirrorRestoredMeshTest.class, 4),
          entry(QualityMirrorTest.class, 3),
          entry(RamInvitationsTest.class, 4),
          entry(SchemaMirrorTest.class, 6));

  /**
   * Groups of classes that take up to a minute and prove similar things: a build runs one of each
   * group.
   */
  private static final List<List<String>> GROUPS =
      List.of(
          group(IamStoryTest.class, IamTopologiesTest.class),
          group(MirrorFaultWalkTest.class, MirrorCatalogsWalkTest.class),
          group(
              LakeFormationRandomMeshTest.class,
              LakeFormationTopologiesTest.class,
              MirrorCommandsTest.class),
          group(DynamoCrashTest.class, AwsFaultWalkTest.class));

  /** So that the classes with the same tests do not run the same ones. */
  private static final Map<String, Integer> OFFSETS =
      Map.of(
          DynamoTopologiesTest.class.getName(), 8,
          AwsLiveTopologiesTest.class.getName(), 4);

  private static final Map<String, Set<String>> RUNS = new ConcurrentHashMap<>();

  private record Backend(int offset, int oneOf) {}

  private static int half() {
    return SuiteSample.ONE_OF == 1 ? 1 : 2 * SuiteSample.ONE_OF;
  }

  private static Map.Entry<String, Integer> entry(Class<?> tests, int oneOf) {
    return Map.entry(tests.getName(), oneOf);
  }

  private static List<String> group(Class<?>... tests) {
    return Arrays.stream(tests).map(Class::getName).toList();
  }

  @Override
  public FilterResult apply(TestDescriptor test) {
    List<Segment> path = test.getUniqueId().getSegments();
    if (path.stream().anyMatch(part -> part.getValue().equals(AwsRolesTest.class.getName()))
        && OF_ONE_PROCESS.stream().anyMatch(path.get(path.size() - 1).getValue()::startsWith)) {
      return FilterResult.excluded("The counts of a principal are written when it acts again.");
    }
    for (int i = 1; i < path.size(); i++) {
      String container = path.get(i - 1).getValue();
      String member = path.get(i).getValue();
      Backend backend = BACKENDS.get(container);
      if (backend != null) {
        return i + 1 == path.size()
            ? FilterResult.included("a suite, whose tests are sampled")
            : sampled(member + path.get(i + 1).getValue(), backend.offset(), backend.oneOf());
      }
      if (GROUPS.stream()
          .anyMatch(group -> group.contains(container) && !draws(group, container))) {
        return FilterResult.excluded(HOW);
      }
      Integer oneOf = LONG.get(container);
      if (oneOf != null) {
        Set<String> runs = runs(container);
        String name =
            i + 1 == path.size()
                ? nameOf(member)
                : inSuite(member, nameOf(path.get(i + 1).getValue()));
        return FilterResult.includedIf(
            runs.contains(name) || runs.stream().anyMatch(run -> run.startsWith(inSuite(name, ""))),
            () -> HOW,
            () -> HOW);
      }
    }
    return FilterResult.included("not a sampled suite");
  }

  /** Returns the names of the tests of a long class that this build runs: one at least. */
  static Set<String> runs(String container) {
    return RUNS.computeIfAbsent(
        container,
        name -> {
          List<String> tests = testsOf(name);
          int oneOf = Math.min(SuiteSample.ONE_OF, LONG.getOrDefault(name, 1));
          return SuiteSample.numbersOf(tests.size(), OFFSETS.getOrDefault(name, 0), oneOf).stream()
              .map(tests::get)
              .collect(Collectors.toSet());
        });
  }

  /** Returns the groups of classes of which a build runs one. */
  static List<List<String>> groups() {
    return GROUPS;
  }

  /** Returns the names of the long classes. */
  static Set<String> longClasses() {
    return LONG.keySet();
  }

  /**
   * Returns the sorted names of the tests of a class, with those of its superclasses and of the
   * suites that are nested in them.
   */
  static List<String> testsOf(String container) {
    try {
      return List.copyOf(testsOf(Class.forName(container)));
    } catch (ClassNotFoundException e) {
      throw new IllegalStateException(e);
    }
  }

  private static Set<String> testsOf(Class<?> container) {
    Set<String> names = new TreeSet<>();
    for (Class<?> type = container;
        type != null && type != Object.class;
        type = type.getSuperclass()) {
      for (Method method : type.getDeclaredMethods()) {
        if (AnnotationSupport.isAnnotated(method, Testable.class)) {
          names.add(method.getName());
        }
      }
      for (Class<?> suite : type.getDeclaredClasses()) {
        if (AnnotationSupport.isAnnotated(suite, Nested.class)) {
          testsOf(suite).forEach(test -> names.add(inSuite(suite.getSimpleName(), test)));
        }
      }
    }
    return names;
  }

  private static String inSuite(String suite, String test) {
    return suite + "/" + test;
  }

  private static String nameOf(String member) {
    int end = member.indexOf('(');
    return end < 0 ? member : member.substring(0, end);
  }

  /**
   * Returns true if a build runs a class of a group. The draw is not a remainder of the seed, as
   * the number of a walk is: else a build could not have each walk.
   */
  static boolean draws(List<String> group, String tests) {
    return SuiteSample.casesOf(group).contains(tests);
  }

  private static FilterResult sampled(String member, int offset, int oneOf) {
    return FilterResult.includedIf(
        SuiteSample.includes(member, offset, oneOf), () -> HOW, () -> HOW);
  }
}
