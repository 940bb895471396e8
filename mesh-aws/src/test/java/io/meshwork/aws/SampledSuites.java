package io.meshwork.aws;

import io.meshwork.internal.conformance.SuiteSample;
import java.util.List;
import java.util.Map;
import org.junit.platform.engine.FilterResult;
import org.junit.platform.engine.TestDescriptor;
import org.junit.platform.engine.UniqueId.Segment;
import org.junit.platform.launcher.PostDiscoveryFilter;

/**
 * Selects the tests of the suites of {@link DynamoMeshTest} and {@link AwsSuitesTest} and of other
 * long classes that a build runs, by {@link SuiteSample}: not the same ones on each. JUnit loads it
 * as a service.
 */
public final class SampledSuites implements PostDiscoveryFilter {
  private static final String HOW = SuiteSample.reason("on each backend");
  private static final List<String> BACKENDS =
      List.of(DynamoMeshTest.class.getName(), AwsSuitesTest.class.getName());

  /** Long classes, of which a build runs one of at most so many tests. */
  private static final Map<String, Integer> LONG =
      Map.ofEntries(
          entry(AwsAccountsTest.class, 2),
          entry(AwsCatalogsBackupTest.class, 6),
          entry(AwsCatalogsMoveTest.class, 6),
          entry(AwsLiveTopologiesTest.class, 8),
          entry(AwsMoveTest.class, 4),
          entry(AwsMovedBackupTest.class, 4),
          entry(AwsMovedCatalogsTest.class, 2),
          entry(AwsMovedMeshTest.class, 2),
          entry(AwsMovedPlacesTest.class, 4),
          entry(AwsTopologiesTest.class, 8),
          entry(DynamoRegistryConformanceTest.class, 2),
          entry(DynamoTopologiesTest.class, 8),
          entry(GlueLinksTest.class, 3),
          entry(GlueMirrorTest.class, 2),
          entry(GlueTopologiesTest.class, 3),
          entry(LakeFormationAdministratorTest.class, 3),
          entry(LakeFormationBreachTest.class, 2),
          entry(LakeFormationDriftTest.class, 2),
          entry(LakeFormationEnginesTest.class, 2),
          entry(LakeFormationMirrorTest.class, 2),
          entry(LakeFormationReadsTest.class, 2),
          entry(LakeFormationTopologiesTest.class, 3),
          entry(MirrorBreachTest.class, 2),
          entry(MirrorOpenDataTest.class, 3),
          entry(MirrorOpenDomainsTest.class, 2),
          entry(MirrorRestoredMeshTest.class, 3),
          entry(QualityMirrorTest.class, 2),
          entry(RamInvitationsTest.class, 2),
          entry(SchemaMirrorTest.class, 3));

  /** So that the classes with the same tests do not run the same ones. */
  private static final Map<String, Integer> OFFSETS =
      Map.of(
          DynamoTopologiesTest.class.getName(), 4,
          AwsLiveTopologiesTest.class.getName(), 2);

  private static Map.Entry<String, Integer> entry(Class<?> tests, int oneOf) {
    return Map.entry(tests.getName(), oneOf);
  }

  @Override
  public FilterResult apply(TestDescriptor test) {
    List<Segment> path = test.getUniqueId().getSegments();
    for (int i = 1; i < path.size(); i++) {
      String container = path.get(i - 1).getValue();
      String member = path.get(i).getValue();
      int backend = BACKENDS.indexOf(container);
      if (backend >= 0) {
        return i + 1 == path.size()
            ? FilterResult.included("a suite, whose tests are sampled")
            : sampled(
                member + path.get(i + 1).getValue(),
                backend * SuiteSample.ONE_OF / BACKENDS.size(),
                SuiteSample.ONE_OF);
      }
      Integer oneOf = LONG.get(container);
      if (oneOf != null) {
        return sampled(
            member, OFFSETS.getOrDefault(container, 0), Math.min(SuiteSample.ONE_OF, oneOf));
      }
    }
    return FilterResult.included("not a sampled suite");
  }

  private static FilterResult sampled(String member, int offset, int oneOf) {
    return FilterResult.includedIf(
        SuiteSample.includes(member, offset, oneOf), () -> HOW, () -> HOW);
  }
}
