package io.meshwork.aws.guide;

import static org.assertj.core.api.Assertions.assertThat;

import io.meshwork.aws.AwsConfig;
import io.meshwork.aws.AwsPolicies;
import io.meshwork.aws.AwsPolicies.TableReaders;
import io.meshwork.aws.AwsRoleKind;
import io.meshwork.product.Principal;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The programs of the guide that print permissions, and what the guide shows of their output. */
class AwsPermissionsGuideTest {
  private static final Path GUIDE = Path.of("..", "docs", "aws-permissions.md");
  private static final Pattern BLOCK =
      Pattern.compile("```(?:json|text)\n(.*?)```", Pattern.DOTALL);

  private final ByteArrayOutputStream printed = new ByteArrayOutputStream();
  private final PrintStream console = System.out;
  private final AwsConfig config = AwsConfig.inRegion("eu-central-1").mesh("111111111111", "sales");

  @BeforeEach
  void captureOutput() {
    System.setOut(new PrintStream(printed, true, StandardCharsets.UTF_8));
  }

  @AfterEach
  void restoreOutput() {
    System.setOut(console);
  }

  @Test
  void theRegistryRoleOfAProducer() throws IOException {
    // tag::registry[]
    AwsPolicies policies = AwsPolicies.of(config);
    Principal etl = Principal.of("222222222222", "commerce-etl");
    System.out.println(policies.registryRole(etl));
    System.out.println(policies.registryTrust(etl));
    System.out.println(policies.registry(AwsRoleKind.producer("commerce")));
    // end::registry[]

    assertShown("registry");
  }

  @Test
  void theOwnRoleOfAProducer() throws IOException {
    AwsPolicies policies = AwsPolicies.of(config);
    Principal etl = Principal.of("222222222222", "commerce-etl");
    // tag::files[]
    System.out.println(policies.caller(etl));
    System.out.println(policies.files("222222222222", AwsRoleKind.producer("commerce")));
    // end::files[]

    assertShown("files");
  }

  @Test
  void theBucketOfADomain() throws IOException {
    AwsPolicies policies = AwsPolicies.of(config);
    // tag::bucket[]
    Principal analyst = Principal.of("333333333333", "analyst");
    System.out.println(
        policies.bucket("222222222222", TableReaders.of("commerce/orders", 1, analyst)));
    // end::bucket[]

    assertShown("bucket");
  }

  /** Compares what was printed with the blocks of the guide between a snippet and the next one. */
  private void assertShown(String tag) throws IOException {
    String guide = Files.readString(GUIDE);
    int start = guide.indexOf("AwsPermissionsGuideTest.java#" + tag + " -->");
    assertThat(start).as("the snippet of " + tag).isPositive();
    int next = guide.indexOf("<!-- snippet:", start);
    int section = guide.indexOf("\n## ", start);
    int end = next < 0 ? section : Math.min(next, section);
    List<String> shown = new ArrayList<>();
    Matcher block = BLOCK.matcher(guide.substring(start, end));
    while (block.find()) {
      shown.add(block.group(1));
    }

    assertThat(String.join("", shown))
        .isEqualTo(printed.toString(StandardCharsets.UTF_8).replace("\r\n", "\n"));
  }
}
