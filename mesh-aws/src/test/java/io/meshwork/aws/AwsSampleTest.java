package io.meshwork.aws;

import static org.assertj.core.api.Assertions.assertThat;

import io.meshwork.internal.conformance.SuiteSample;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** Which tests of long classes a build runs. */
class AwsSampleTest {
  @Test
  void eachBuildRunsATestOfEachLongClass() {
    for (String name : SampledSuites.longClasses()) {
      assertThat(SampledSuites.runs(name)).as(name).isNotEmpty();
      assertThat(SampledSuites.testsOf(name)).as(name).containsAll(SampledSuites.runs(name));
    }
  }

  @Test
  void eachBuildRunsOneClassOfEachGroup() {
    for (List<String> group : SampledSuites.groups()) {
      assertThat(group.stream().filter(tests -> SampledSuites.draws(group, tests)))
          .as("of %s", group)
          .hasSize(SuiteSample.ONE_OF == 1 ? group.size() : 1);
    }
  }

  @Test
  void someMembersAreDrawnWithEachSeedAndAllWithSuccessiveSeeds() {
    for (int members = 1; members < 30; members++) {
      for (int oneOf : List.of(1, 2, 3, 16, 48)) {
        Set<Integer> drawn = new TreeSet<>();
        for (long seed = 0; seed < oneOf; seed++) {
          List<Integer> numbers = SuiteSample.numbersOf(members, oneOf, seed);
          assertThat(numbers).as("%s of %s, seed %s", oneOf, members, seed).isNotEmpty();
          drawn.addAll(numbers);
        }
        assertThat(drawn).hasSize(members);
      }
    }
  }

  @Test
  void theTestsOfASuiteAreFoundInItsSuperclass() {
    assertThat(SampledSuites.testsOf(AwsTopologiesTest.class.getName())).hasSizeGreaterThan(20);
  }
}
