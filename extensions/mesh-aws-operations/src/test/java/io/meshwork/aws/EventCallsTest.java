package io.meshwork.aws;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import software.amazon.awssdk.services.cloudformation.CloudFormationClient;
import software.amazon.awssdk.services.cloudwatch.CloudWatchClient;
import software.amazon.awssdk.services.eventbridge.EventBridgeClient;
import software.amazon.awssdk.services.sqs.SqsClient;

/** The guide says for each request of this module what answers it in the tests. */
class EventCallsTest {
  private static final Path GUIDE = Path.of("../../docs/running-on-aws.md");

  static Stream<Arguments> clients() {
    return Stream.of(
        Arguments.of("| events |", EventBridgeClient.class),
        Arguments.of("| sqs |", SqsClient.class),
        Arguments.of("| cloudformation |", CloudFormationClient.class),
        Arguments.of("| monitoring |", CloudWatchClient.class));
  }

  @ParameterizedTest
  @MethodSource("clients")
  void theGuideListsEachRequest(String row, Class<?> client) throws IOException {
    Set<String> listed = new TreeSet<>();
    for (String line : Files.readAllLines(GUIDE)) {
      if (line.startsWith(row)) {
        Pattern.compile("`([A-Za-z]+)`")
            .matcher(line)
            .results()
            .forEach(name -> listed.add(name.group(1)));
      }
    }

    Set<String> sent =
        new ClassFileImporter()
                .withImportOption(new ImportOption.DoNotIncludeTests())
                .importPackages("io.meshwork.aws")
                .stream()
                .flatMap(EventCallsTest::accesses)
                .map(JavaAccess::getTarget)
                .filter(target -> target.getOwner().isEquivalentTo(client))
                .map(target -> target.getName().replaceFirst("Paginator$", ""))
                .filter(name -> !name.equals("builder"))
                .map(name -> name.substring(0, 1).toUpperCase(Locale.ROOT) + name.substring(1))
                .collect(Collectors.toCollection(TreeSet::new));
    assertThat(listed).isEqualTo(sent).isNotEmpty();
  }

  private static Stream<JavaAccess<?>> accesses(JavaClass type) {
    return Stream.concat(
        type.getAccessesFromSelf().stream(), type.getMethodReferencesFromSelf().stream());
  }
}
