package io.meshwork.aws;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The guide says for each request to AWS what answers it in the tests. */
class AwsCallsTest {
  private static final Path GUIDE = Path.of("../docs/running-on-aws.md");
  private static final Pattern ROW = Pattern.compile("\\| ([a-z0-9]+) \\| (`[^|]*`) \\| .*");
  private static final Pattern NAME = Pattern.compile("`([A-Za-z0-9]+)`");

  @Test
  void theGuideListsEachRequestThatMeshworkSends() throws IOException {
    Set<String> listed = new TreeSet<>();
    List<String> lines = Files.readAllLines(GUIDE);
    for (String line : lines.subList(lines.indexOf("## What was tested"), lines.size())) {
      Matcher row = ROW.matcher(line);
      if (row.matches()) {
        NAME.matcher(row.group(2))
            .results()
            .forEach(name -> listed.add(row.group(1) + ":" + name.group(1)));
      }
    }

    // EventCallsTest of mesh-aws-operations compares these.
    listed.removeIf(call -> call.matches("(events|monitoring|sqs|cloudformation):.*"));
    assertThat(listed).isEqualTo(MirrorOperations.ofPackage(AwsMesh.class.getPackageName()));
  }
}
