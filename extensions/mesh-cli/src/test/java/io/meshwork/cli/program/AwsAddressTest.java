package io.meshwork.cli.program;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.meshwork.Mesh;
import io.meshwork.aws.AwsConfig;
import io.meshwork.aws.AwsMesh;
import io.meshwork.cli.ExitCode;
import io.meshwork.cli.MeshCommand;
import io.meshwork.local.LocalMesh;
import io.meshwork.testkit.aws.AwsEmulator;
import io.meshwork.topology.Topology;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.sts.StsClient;
import software.amazon.awssdk.services.sts.model.Credentials;

/** Every command with a mesh on the emulator of AWS, and the move of a folder to it. */
class AwsAddressTest {
  private static final String ACCOUNT = "111111111111";
  private static final String TRIPS = "mobility/trips";
  private static final List<String> PROPERTIES =
      List.of("aws.accessKeyId", "aws.secretAccessKey", "aws.sessionToken");

  @TempDir private Path folder;

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();
  private final String name = "c" + UUID.randomUUID().toString().substring(0, 8);

  @AutoClose private final AwsEmulator aws = AwsEmulator.start();

  @SuppressWarnings("NullAway.Init") // JUnit fills it before each test
  private Path trips;

  @BeforeEach
  void runAsARole() throws IOException {
    trips = folder.resolve("trips.parquet");
    try (InputStream in = getClass().getResourceAsStream("/green_tripdata_2024-01.parquet")) {
      assertThat(in).isNotNull();
      Files.copy(in, trips);
    }
    runAs(ACCOUNT, "mobility-etl");
  }

  private void runAs(String account, String roleName) {
    try (StsClient sts =
        StsClient.builder()
            .endpointOverride(aws.endpoint())
            .region(Region.of(aws.region()))
            .httpClientBuilder(UrlConnectionHttpClient.builder())
            .credentialsProvider(keys(account))
            .build()) {
      Credentials role =
          sts.assumeRole(
                  request ->
                      request
                          .roleArn("arn:aws:iam::" + account + ":role/" + roleName)
                          .roleSessionName("job"))
              .credentials();
      Map.of(
              "aws.accessKeyId", role.accessKeyId(),
              "aws.secretAccessKey", role.secretAccessKey(),
              "aws.sessionToken", role.sessionToken())
          .forEach(System::setProperty);
    }
  }

  @AfterEach
  void forgetTheRole() {
    PROPERTIES.forEach(System::clearProperty);
  }

  private AwsCredentialsProvider keys(String account) {
    return StaticCredentialsProvider.create(
        AwsBasicCredentials.create(aws.accessKey(account), aws.secretKey(account)));
  }

  private AwsConfig config() {
    return AwsConfig.inRegion(aws.region()).endpoint(aws.endpoint()).mesh(ACCOUNT, name);
  }

  private String address() {
    return "aws:" + aws.region() + "/" + ACCOUNT + "/" + name + "?endpoint=" + aws.endpoint();
  }

  /** Creates the bucket with a policy, which is kept: moto applies denials without conditions. */
  private void createBucket() {
    String bucket = "mesh-" + name + "-" + ACCOUNT + "-" + aws.region();
    try (S3Client s3 = s3()) {
      s3.createBucket(
          request ->
              request
                  .bucket(bucket)
                  .createBucketConfiguration(place -> place.locationConstraint(aws.region())));
      s3.putBucketPolicy(
          put ->
              put.bucket(bucket)
                  .policy(
                      """
                      {"Version":"2012-10-17","Statement":[{"Effect":"Allow",\
                      "Principal":{"AWS":"arn:aws:iam::%s:root"},"Action":"s3:*",\
                      "Resource":["arn:aws:s3:::%s","arn:aws:s3:::%s/*"]}]}"""
                          .formatted(ACCOUNT, bucket, bucket)));
    }
  }

  private S3Client s3() {
    return S3Client.builder()
        .endpointOverride(aws.endpoint())
        .region(Region.of(aws.region()))
        .forcePathStyle(true)
        .httpClientBuilder(UrlConnectionHttpClient.builder())
        .credentialsProvider(keys(ACCOUNT))
        .build();
  }

  private int run(String mesh, String... arguments) {
    out.reset();
    err.reset();
    List<String> all = new ArrayList<>(List.of(mesh));
    all.addAll(List.of(arguments));
    return MeshCommand.run(
        all.toArray(String[]::new),
        new PrintStream(out, true, StandardCharsets.UTF_8),
        new PrintStream(err, true, StandardCharsets.UTF_8));
  }

  private String output() {
    return out.toString(StandardCharsets.UTF_8);
  }

  private String errors() {
    return err.toString(StandardCharsets.UTF_8);
  }

  @Test
  void theCommandMeshActsAsTheRoleOfTheProcess() {
    createBucket();
    TestShell shell = new TestShell(folder);
    shell.variables.put("MESH_URL", address());
    assertThat(shell.run("init")).as(shell.err()).isZero();
    String[] add = {"domain", "add", "mobility", "--owner", "t@example.org", "--accounts", ACCOUNT};
    assertThat(shell.run(add)).as(shell.err()).isZero();
    String[] define = {"product", "define", TRIPS, "--contract", trips.toString()};
    assertThat(shell.run(define)).as(shell.err()).isZero();
    assertThat(shell.run("publish", TRIPS, trips.toString())).as(shell.err()).isZero();
    assertThat(shell.run("describe", TRIPS)).as(shell.err()).isZero();
    assertThat(shell.out()).contains("as " + ACCOUNT + "/mobility-etl", "– NO_PROMISE");
    assertThat(shell.run("describe", TRIPS, "--as", ACCOUNT + "/other"))
        .as("a principal is compared, never believed")
        .isNotZero();
    assertThat(shell.run("health", "--mesh", "aws:nowhere")).isEqualTo(ExitCode.WRONG_REQUEST);
  }

  @Test
  void noticesAreSentToTheEventBusOfATemplate() throws IOException {
    String account = "3" + ThreadLocalRandom.current().nextLong(10_000_000_000L, 100_000_000_000L);
    TestShell shell = new TestShell(folder);
    shell.variables.put("MESH_URL", address().replace(ACCOUNT, account));
    Path templates = folder.resolve("templates");
    assertThat(
            shell.run(
                "template",
                "cloudformation",
                "--account",
                account,
                "--notices",
                "222222222222,333333333333",
                "--to",
                templates.toString()))
        .as(shell.err())
        .isZero();
    String stack = "mesh-" + name;
    String body = Files.readString(templates.resolve(stack + "." + account + ".json"));
    assertThat(body).contains("arn:aws:iam::222222222222:root", "arn:aws:iam::333333333333:root");
    aws.runAs(account, "administrator");
    aws.deploy(stack, body);
    assertThat(shell.run("init")).as(shell.err()).isZero();
    String[] add = {"domain", "add", "mobility", "--owner", "t@example.org", "--accounts", account};
    assertThat(shell.run(add)).as(shell.err()).isZero();
    assertThat(shell.run("deliver", "--to", "eventbridge")).as(shell.err()).isZero();
    String[] define = {"product", "define", TRIPS, "--contract", trips.toString()};
    assertThat(shell.run(define)).as(shell.err()).isZero();

    assertThat(shell.run("deliver", "--to", "eventbridge")).as(shell.err()).isZero();

    assertThat(shell.err()).contains("3 notices and events were delivered to EventBridge");
    assertThat(shell.json().get("delivered").asInt()).isEqualTo(3);
    assertThat(shell.json().get("parked").asInt()).isZero();
    assertThat(aws.calls()).contains("events:PutEvents");
    assertThat(shell.run("deliver", "--to", "eventbridge", "--contact", "t@example.org"))
        .as("events would be passed over")
        .isEqualTo(ExitCode.WRONG_REQUEST);
    shell.variables.put("MESH_URL", folder.resolve("mesh").toString());
    assertThat(shell.run("init")).isZero();
    assertThat(shell.run("deliver", "--to", "eventbridge")).isEqualTo(ExitCode.WRONG_REQUEST);
    assertThat(shell.err()).contains("takes a mesh on AWS");
  }

  @Test
  void everyCommandTakesAMeshOnAws() throws IOException {
    createBucket();
    AwsMesh.make(config());

    assertThat(run(address(), "define", TRIPS, trips.toString())).as(errors()).isZero();
    assertThat(output()).startsWith("defined " + TRIPS);
    assertThat(run(address(), "publish", TRIPS, trips.toString(), "--key", "january"))
        .as(errors())
        .isZero();
    assertThat(run(address(), "files", TRIPS)).isZero();
    assertThat(output().lines()).isNotEmpty().allMatch(file -> file.startsWith("s3://mesh-"));
    assertThat(run(address(), "log", TRIPS)).isZero();
    assertThat(output()).contains("\"key\":\"january\"");
    assertThat(run(address(), "verify")).as(output()).isZero();
    assertThat(run(address(), "doctor", "--checksums")).as(output()).isZero();
    assertThat(run(address(), "maintain")).as(errors()).isZero();
    assertThat(run(address(), "repair")).as(errors()).isZero();
    assertThat(run(address(), "mirror", "--plan")).as(errors()).isZero();
    assertThat(output()).contains("make glue mobility/trips_v1 in " + ACCOUNT, "fingerprint ");
    assertThat(run(address(), "mirror")).as(errors()).isZero();
    assertThat(output()).contains("{\"made\":2,\"changed\":0,", "\"byHand\":0,\"left\":0}");
    assertThat(run(address(), "mirror", "--verify")).as(output()).isZero();
    assertThat(run(address(), "mirror", "--repair", "--plan")).as(output()).isZero();
    assertThat(output()).contains("nothing to mirror");
    enginesShowAPublishOnceTheMirrorsRan();
    assertThat(run(address(), "mirror", "--plan", "--verify")).isEqualTo(ExitCode.WRONG_REQUEST);
    assertThat(run(address() + "&schemaRegistry&lakeFormation", "mirror", "--plan")).isZero();
    assertThat(output()).contains("make schemas mobility/trips_v1", "make lakeformation lf-tag/");
    assertThat(run(address() + "&openData=none,mobility", "mirror", "--plan"))
        .isEqualTo(ExitCode.WRONG_REQUEST);
    assertThat(errors()).contains("is not the ARN of an organization");
    assertThat(run(address() + "&lakeFormations", "mirror", "--plan"))
        .isEqualTo(ExitCode.WRONG_REQUEST);
    assertThat(errors()).contains("no option 'lakeFormations'", "schemaRegistry");
    Path backup = folder.resolve("backup");
    assertThat(run(address(), "backup", backup.toString())).as(errors()).isZero();
    assertThat(output()).contains("\"files\":");
    assertThat(run(backup.toString(), "verify")).as(output()).isZero();
    assertThat(run(backup.toString(), "mirror")).isEqualTo(ExitCode.WRONG_REQUEST);
    assertThat(errors()).contains("mirrors belong to a mesh on AWS");
    assertThat(run(address(), "restore")).as(errors()).isZero();
    assertThat(output()).contains("{\"files\":0}");
    assertThat(run(backup.toString(), "restore")).isEqualTo(ExitCode.WRONG_REQUEST);
    assertThat(run(address(), "move", backup.toString())).isEqualTo(ExitCode.WRONG_REQUEST);
  }

  /** Publishes again, and asks before and after the mirrors ran whether engines show it. */
  private void enginesShowAPublishOnceTheMirrorsRan() throws IOException {
    TestShell shell = new TestShell(folder);
    shell.variables.put("MESH_URL", address());
    String[] publish = {"publish", TRIPS, trips.toString(), "--key", "february", "--json"};

    assertThat(isShown(shell, publish)).isFalse();
    assertThat(findingsOfPortal(shell)).containsExactly("MIRROR_OVERDUE");
    assertThat(findingsOfHealth(shell)).containsExactly("MIRROR_OVERDUE");
    assertThat(isShown(shell, publish)).as("a repeated publish").isFalse();
    assertThat(shell.run("mirror")).as(shell.err()).isZero();

    assertThat(isShown(shell, publish)).isTrue();
    assertThat(findingsOfPortal(shell)).isEmpty();
    assertThat(findingsOfHealth(shell)).isEmpty();
  }

  /** Returns the codes that {@code mesh health} prints, as text and as JSON. */
  private static List<String> findingsOfHealth(TestShell shell) throws IOException {
    assertThat(shell.run("health", "--json")).as(shell.err()).isZero();
    QuestionSchemas.check("health", shell.json());
    JsonNode findings = shell.json().get("findings");
    assertThat(shell.run("health")).as(shell.err()).isZero();
    assertThat(shell.out().contains("MIRROR_OVERDUE")).isEqualTo(!findings.isEmpty());
    for (JsonNode finding : findings) {
      assertThat(shell.out())
          .contains(
              finding.get("code").asText() + " " + finding.get("where").asText() + ": ",
              finding.get("what").asText(),
              finding.get("fix").asText());
    }
    return findings.findValuesAsText("code");
  }

  @Test
  void linksAndTheCardOfAProductSayTheirNamesInGlue() throws IOException {
    String product = "rides/trips"; // the emulator keeps the tables of other tests
    String consumer = "222222222222";
    createBucket();
    AwsMesh.make(config());
    TestShell shell = new TestShell(folder);
    shell.variables.put("MESH_URL", address() + "&lakeFormation"); // which makes links
    changes(shell, "domain", "add", "rides", "--owner", "t@example.org", "--accounts", ACCOUNT);
    changes(shell, "product", "define", product, "--contract", trips.toString(), "--open");
    changes(shell, "publish", product, trips.toString());
    changes(shell, "mirror");
    runAs(consumer, "analyst");
    changes(shell, "domain", "add", "finance", "--owner", "f@example.org", "--accounts", consumer);
    changes(shell, "subscribe", product, "--name", "tax", "--for", "Tax");
    changes(shell, "link", product, "--into", "sources");
    assertThat(named(shell, product)).as("not in Glue yet").isEmpty();

    changes(shell, "mirror");

    assertThat(named(shell, product)).containsExactly("sources.trips");
  }

  private static void changes(TestShell shell, String... command) {
    assertThat(shell.run(command)).as("%s: %s", List.of(command), shell.err()).isZero();
  }

  private boolean isShown(TestShell shell, String... publish) throws IOException {
    assertThat(shell.run(publish)).as(shell.err()).isZero();
    QuestionSchemas.check("change", shell.json());
    JsonNode engines = shell.json().path("engines");
    assertThat(engines).hasSize(1);
    assertThat(engines.at("/0/service").asText()).isEqualTo("glue in " + ACCOUNT);
    return engines.at("/0/shown").asBoolean();
  }

  /** Returns the names in Glue that the links and the card of the product say. */
  private static List<String> named(TestShell shell, String product) throws IOException {
    assertThat(shell.run("links", "--json")).as(shell.err()).isZero();
    QuestionSchemas.check("links", shell.json());
    List<String> links = shell.json().get("links").findValuesAsText("glue");
    assertThat(shell.run("describe", product, "--json")).as(shell.err()).isZero();
    QuestionSchemas.check("describe", shell.json());
    List<String> card = new ArrayList<>();
    shell.json().at("/what/glue").forEach(name -> card.add(name.asText()));
    assertThat(card).isEqualTo(links);
    return links;
  }

  /** Returns the codes of what the page of the role's domain shows as pending. */
  private List<String> findingsOfPortal(TestShell shell) throws IOException {
    Path site = folder.resolve("site-" + UUID.randomUUID());
    assertThat(shell.run("portal", site.toString())).as(shell.err()).isZero();
    JsonNode waiting = TestShell.JSON.readTree(site.resolve("mine.json").toFile()).get("waiting");
    String page = Files.readString(site.resolve("mine.html"));
    assertThat(page.contains("glue in " + ACCOUNT)).isEqualTo(!waiting.isEmpty());
    return waiting.findValuesAsText("code");
  }

  @Test
  void aFolderIsPlannedAndMoved() {
    String mesh = folder.resolve("mesh").toString();
    assertThat(run(mesh, "define", TRIPS, trips.toString())).isZero();
    assertThat(run(mesh, "publish", TRIPS, trips.toString(), "--key", "january")).isZero();
    createBucket();

    assertThat(run(mesh, "move", address(), "--plan")).isEqualTo(ExitCode.FINDINGS);
    assertThat(output()).contains("ACCOUNT_UNMAPPED mobility:");
    assertThat(run(mesh, "move", address())).isEqualTo(ExitCode.WRONG_REQUEST);
    String accounts = "mobility=" + ACCOUNT;
    assertThat(run(mesh, "move", address(), "--accounts", accounts, "--plan"))
        .as(output())
        .isZero();
    assertThat(run(mesh, "move", address(), "--accounts", accounts)).as(errors()).isZero();

    assertThat(run(address(), "publish", TRIPS, trips.toString(), "--key", "january"))
        .as(errors())
        .isZero();
    assertThat(output()).contains("\"replayed\":true");
    assertThat(run(address(), "doctor", "--checksums")).as(output()).isZero();
    try (Mesh read = LocalMesh.openExisting(folder.resolve("mesh"))) {
      assertThat(read.doctor().problems()).isEmpty();
    }
    assertThat(run(mesh, "publish", TRIPS, trips.toString(), "--key", "february"))
        .isEqualTo(ExitCode.WRONG_REQUEST);
    assertThat(errors()).contains("moved to s3://");
  }

  @Test
  void theCommandMeshMovesAFolderMirrorsItAndRestoresAFile() {
    String product = "transit/trips"; // the emulator keeps the tables of other tests
    String mesh = folder.resolve("mesh").toString();
    TestShell shell = new TestShell(folder);
    shell.variables.put("MESH_URL", mesh);
    shell.variables.put("MESH_AS", "transit/etl");
    for (String[] command :
        List.of(
            new String[] {"init"},
            new String[] {"domain", "add", "transit", "--owner", "t@example.org"},
            new String[] {"product", "define", product, "--contract", trips.toString()},
            new String[] {"publish", product, trips.toString(), "--key", "january"})) {
      assertThat(shell.run(command)).as(shell.err()).isZero();
    }
    createBucket();

    assertThat(shell.run("move", address(), "--plan")).isEqualTo(ExitCode.FINDINGS);
    assertThat(shell.run("move", address(), "--accounts", "transit=" + ACCOUNT))
        .as(shell.err())
        .isZero();

    assertThat(shell.json().get("status").asText()).isEqualTo("moved");
    assertThat(shell.json().get("files").asLong()).isPositive();
    shell.variables.put("MESH_URL", address());
    shell.variables.remove("MESH_AS");
    assertThat(shell.run("mirror", "--plan")).as(shell.err()).isZero();
    assertThat(shell.out()).contains("make glue transit/trips_v1 in " + ACCOUNT);
    assertThat(shell.run("mirror")).as(shell.err()).isZero();
    assertThat(shell.json().get("status").asText()).isEqualTo("mirrored");
    assertThat(shell.json().path("work").path("made").asLong()).isPositive();
    assertThat(shell.run("mirror", "--verify")).as(shell.out()).isZero();

    assertThat(shell.run("files", product, "--json")).as(shell.err()).isZero();
    delete(shell.json().at("/files/0").asText());
    assertThat(shell.run("doctor")).isEqualTo(ExitCode.FINDINGS);
    assertThat(shell.run("restore")).as(shell.err()).isZero();
    assertThat(shell.json().get("status").asText()).isEqualTo("restored");
    assertThat(shell.json().get("files").asLong()).isEqualTo(1);
    assertThat(shell.run("doctor")).as(shell.out()).isZero();
  }

  private void delete(String file) {
    URI location = URI.create(file);
    try (S3Client s3 = s3()) {
      s3.deleteObject(
          delete -> delete.bucket(location.getHost()).key(location.getPath().substring(1)));
    }
  }

  @Test
  void aFolderOfSeveralCatalogsIsMovedToTheirAccountsAndBackedUp() {
    Path mesh = folder.resolve("mesh");
    LocalMesh.builder(mesh).topology(Topology.federated()).open().close();
    assertThat(run(mesh.toString(), "define", TRIPS, trips.toString())).as(errors()).isZero();
    assertThat(run(mesh.toString(), "publish", TRIPS, trips.toString(), "--key", "january"))
        .isZero();
    createBucket();
    runAs("222222222222", "admin");
    AwsMesh.makeTable(config());
    runAs(ACCOUNT, "mobility-etl");
    String mobility = "mobility=" + ACCOUNT;
    String from = mesh.toString();
    assertThat(run(from, "move", address(), "--accounts", mobility, "--catalogs", mobility))
        .isEqualTo(ExitCode.WRONG_REQUEST);
    assertThat(errors()).contains("cannot have the registry of a catalog");

    String catalogs = "mobility=222222222222";
    assertThat(run(from, "move", address(), "--accounts", mobility, "--catalogs", catalogs))
        .as(errors())
        .isZero();

    assertThat(run(address(), "publish", TRIPS, trips.toString(), "--key", "january"))
        .as(errors())
        .isZero();
    assertThat(output()).contains("\"replayed\":true");
    Path backup = folder.resolve("backup");
    assertThat(run(address(), "backup", backup.toString())).as(errors()).isZero();
    assertThat(run(backup.toString(), "verify")).as(output()).isZero();
    assertThat(backup.resolve("registry/mobility.db")).exists();
    assertThat(run(address(), "restore")).as(errors()).isZero();
  }

  @Test
  void aMeshOfSeveralCatalogsIsMadeAndGetsEach() {
    createBucket();
    String consumer = newAccount();
    TestShell shell = new TestShell(folder);
    shell.variables.put("MESH_URL", address());
    changes(shell, "init", "--federated");
    String[] add = {"catalog", "add", "mobility", "--account", consumer};
    assertThat(shell.run(add)).as("its table is missing").isNotZero();
    runAs(consumer, "admin");
    AwsMesh.makeTable(config());
    runAs(ACCOUNT, "mobility-etl");
    String[] domain = {
      "domain", "add", "mobility", "--owner", "t@example.org", "--accounts", ACCOUNT
    };
    assertThat(shell.run(domain)).as("its catalog is missing").isNotZero();
    assertThat(shell.err()).contains("add it with mesh catalog add");

    changes(shell, add);

    assertThat(shell.json().get("catalog").asText()).isEqualTo("mobility");
    assertThat(shell.json().get("account").asText()).isEqualTo(consumer);
    changes(shell, add);
    changes(shell, domain);
    changes(shell, "product", "define", TRIPS, "--contract", trips.toString());
    changes(shell, "publish", TRIPS, trips.toString());
    changes(shell, "init", "--federated");
    assertThat(shell.run("init", "--line", "roads=mobility")).isEqualTo(ExitCode.WRONG_REQUEST);
    assertThat(shell.err()).contains("its topology is federated", "Omit --federated and --line");
    assertThat(shell.run("catalog", "add", "rail", "--account", consumer))
        .isEqualTo(ExitCode.WRONG_REQUEST);
    assertThat(shell.err()).contains("is the registry of the catalog 'mobility'");
    assertThat(shell.run("catalog", "add", "rail", "--account", "12"))
        .isEqualTo(ExitCode.WRONG_REQUEST);
  }

  private static String newAccount() {
    return "3" + ThreadLocalRandom.current().nextLong(10_000_000_000L, 100_000_000_000L);
  }

  @Test
  void anAddressOfAnotherFormIsAUsageError() {
    assertThat(run("aws:eu-central-1/sales", "verify")).isEqualTo(ExitCode.WRONG_REQUEST);
    assertThat(errors()).contains("aws:REGION/ACCOUNT/NAME");
  }
}
