package io.meshwork.aws;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.eventbridge.EventBridgeClient;
import software.amazon.awssdk.services.sqs.SqsClient;

/** The guide says for each request to EventBridge and SQS what answers it in the tests. */
class EventCallsTest {
  private static final Path GUIDE = Path.of("../../docs/running-on-aws.md");

  @Test
  void theGuideListsEachRequestThatTheNotifierSends() throws IOException {
    assertThat(listed("events")).isEqualTo(sent(EventBridgeClient.class)).isNotEmpty();
  }

  @Test
  void theGuideListsEachRequestThatTheQueueOfChangesSends() throws IOException {
    assertThat(listed("sqs")).isEqualTo(sent(SqsClient.class)).isNotEmpty();
  }

  private static Set<String> listed(String service) throws IOException {
    Set<String> listed = new TreeSet<>();
    for (String line : Files.readAllLines(GUIDE)) {
      if (line.startsWith("| " + service + " |")) {
        Pattern.compile("`([A-Za-z]+)`")
            .matcher(line)
            .results()
            .forEach(name -> listed.add(name.group(1)));
      }
    }

    return listed;
  }

  private static Set<String> sent(Class<?> client) {
    return new ClassFileImporter()
        .importPackages("io.meshwork.aws.internal.event").stream()
            .flatMap(EventCallsTest::accesses)
            .map(JavaAccess::getTarget)
            .filter(target -> target.getOwner().isEquivalentTo(client))
            .map(target -> target.getName())
            .filter(name -> !name.equals("builder"))
            .map(name -> name.substring(0, 1).toUpperCase(Locale.ROOT) + name.substring(1))
            .collect(Collectors.toCollection(TreeSet::new));
  }

  private static Stream<JavaAccess<?>> accesses(JavaClass type) {
    return Stream.concat(
        type.getAccessesFromSelf().stream(), type.getMethodReferencesFromSelf().stream());
  }
}
