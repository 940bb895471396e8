package io.meshwork.examples.awsaccounts;

import io.meshwork.Mesh;
import io.meshwork.MeshClient;
import io.meshwork.aws.AccountSetup;
import io.meshwork.aws.AccountSetup.Template;
import io.meshwork.aws.AwsConfig;
import io.meshwork.aws.AwsMesh;
import io.meshwork.aws.AwsOperations;
import io.meshwork.consume.Batch;
import io.meshwork.error.Finding;
import io.meshwork.examples.awsmesh.LakeReader;
import io.meshwork.maintenance.Mirrors;
import io.meshwork.product.Principal;
import io.meshwork.testkit.aws.AwsEmulator;
import io.meshwork.topology.Topology;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.S3Exception;

/**
 * The accounts of a mesh, which have what their templates make and nothing else. Not thread-safe: a
 * JVM is a process of one role at a time.
 */
public final class TemplateAccounts {
  /** A role that was never created, so that the emulator permits it everything in its account. */
  private static final String ADMINISTRATOR = "administrator";

  private static final String DEPLOYER = "mesh-deployer";

  private final AwsEmulator aws;
  private final AwsConfig config;
  private final String governance;
  private final String mesh;
  private final Path folder;

  /** The templates by their files, in the order of their deployment. */
  private final Map<Path, Template> templates = new LinkedHashMap<>();

  private int stepsByHand;

  /**
   * Prepares accounts.
   *
   * @param governance the account of the mesh
   * @param mesh the name of the mesh
   * @param folder where templates are written
   */
  public TemplateAccounts(
      AwsEmulator aws, String governance, String mesh, AwsConfig config, Path folder) {
    this.aws = aws;
    this.governance = governance;
    this.mesh = mesh;
    this.config = config;
    this.folder = folder;
  }

  /** Writes the templates of accounts, in the order of their deployment. */
  public void write(List<AccountSetup> setups) {
    writeAll(setups.stream().flatMap(setup -> setup.templates().stream()).toList());
  }

  /** Writes templates, in the order of their deployment. */
  void writeAll(List<Template> all) {
    try {
      Files.createDirectories(folder);
      for (Template template : all) {
        Path file = folder.resolve(template.fileName());
        templates.put(Files.writeString(file, template.body()), template);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  List<Path> files() {
    return List.copyOf(templates.keySet());
  }

  /** Administrators create the deployers, which create all other stacks, from one program. */
  public void deploy() {
    for (Template template : templates.values()) {
      if (isByHand(template)) {
        aws.runAs(template.account(), ADMINISTRATOR);
        aws.deploy(template.stack(), template.body());
        stepsByHand++;
      }
    }
    for (Template template : templates.values()) {
      if (!isByHand(template)) {
        aws.runAs(governance, ADMINISTRATOR);
        aws.assume(template.account(), DEPLOYER);
        aws.deploy(template.stack(), template.body());
      }
    }
  }

  private static boolean isByHand(Template template) {
    return template.stack().endsWith("-deployer");
  }

  /** An administrator writes the first documents of the registry; the stores are there. */
  public void makeMesh() {
    makeMesh(Topology.central());
  }

  /** Makes a mesh with a topology. */
  void makeMesh(Topology topology) {
    aws.runAs(governance, ADMINISTRATOR);
    AwsMesh.make(config, topology);
    stepsByHand++;
  }

  /** Returns in how many accounts the deployer reads its stack, for a program of the platform. */
  long provenDeployers(List<AccountSetup> setups) {
    aws.runAs(governance, ADMINISTRATOR);
    try (AwsOperations operations = AwsOperations.of(config)) {
      return setups.stream()
          .flatMap(setup -> operations.onboard(setup).verify().proven().stream())
          .filter(role -> role.role().equals(DEPLOYER))
          .count();
    }
  }

  int stepsByHand() {
    return stepsByHand;
  }

  /** Registers a domain of its administrator's account, with its files in the bucket there. */
  public void registerDomain(MeshClient client, String name, Principal administrator) {
    client
        .registerDomain(name)
        .accounts(administrator.account())
        .owner(name + "@example.org")
        .administrators(administrator)
        .location("s3://" + bucket(administrator.account()))
        .commit();
  }

  /** Registers domains as a role, each with its administrator. */
  public void registerDomains(Principal role, Map<String, Principal> administrators) {
    as(
        role,
        client -> {
          new TreeMap<>(administrators)
              .forEach((name, administrator) -> registerDomain(client, name, administrator));
          return client;
        });
  }

  /** Returns the name of the bucket that the templates make in an account. */
  public String bucket(String account) {
    return "mesh-" + mesh + "-" + account + "-" + aws.region();
  }

  /** Does a part of the story as a process of a role, with the credentials that the SDK finds. */
  public <T> T as(Principal role, Function<MeshClient, T> work) {
    return withMesh(role, mesh -> work.apply(mesh.client()));
  }

  /** Opens the mesh as a role, and uses it. */
  public <T> T withMesh(Principal role, Function<Mesh, T> work) {
    return withMesh(role, UnaryOperator.identity(), work);
  }

  /** Opens the mesh as a role with further settings, and uses it. */
  public <T> T withMesh(
      Principal role, UnaryOperator<Mesh.Builder> settings, Function<Mesh, T> work) {
    aws.runAs(role.account(), role.role());
    try (Mesh mesh = settings.apply(AwsMesh.builder(config)).open()) {
      return work.apply(mesh);
    }
  }

  /** Returns what the doctor finds as each of these roles, also what it could not examine. */
  List<Finding> findings(List<Principal> roles) {
    return roles.stream()
        .flatMap(role -> withMesh(role, mesh -> mesh.doctor().findings().stream()))
        .toList();
  }

  /** Subscribes as a role, and returns the number of rows of its first poll. */
  long polled(Principal role, String product) {
    return as(
        role,
        client -> {
          long number = 0;
          try (Batch<Map<String, Object>> batch =
              client
                  .subscribe(product)
                  .name(role.role())
                  .purpose("Reports")
                  .asMaps()
                  .commit()
                  .poll()) {
            for (Map<String, Object> row : batch) {
              number += row.isEmpty() ? 0 : 1;
            }
            batch.ack();
          }
          return number;
        });
  }

  /** Runs the mirrors as a role. */
  public Mirrors.Report mirror(Principal role) {
    return withMesh(role, mesh -> mesh.mirrors().commit());
  }

  /** Uses the services of AWS as a role, without the mesh. */
  public <T> T withoutMesh(Principal role, Function<LakeReader, T> work) {
    aws.runAs(role.account(), role.role());
    return work.apply(new LakeReader(aws));
  }

  /** Returns the number of tables of DynamoDB in accounts. */
  int tables(List<String> ids) {
    int number = 0;
    for (String account : ids) {
      aws.runAs(account, ADMINISTRATOR);
      try (DynamoDbClient client =
          DynamoDbClient.builder()
              .endpointOverride(aws.endpoint())
              .region(Region.of(aws.region()))
              .build()) {
        number += client.listTables().tableNames().size();
      }
    }
    return number;
  }

  /** Uses S3 as a role. */
  public <T> T withS3(Principal role, Function<S3Client, T> work) {
    aws.runAs(role.account(), role.role());
    try (S3Client s3 =
        S3Client.builder()
            .endpointOverride(aws.endpoint())
            .forcePathStyle(true)
            .region(Region.of(aws.region()))
            .build()) {
      return work.apply(s3);
    }
  }

  /** Returns the number of buckets with all protections. */
  int protectedBuckets(List<String> ids) {
    int number = 0;
    for (String account : ids) {
      String name = bucket(account);
      Principal administrator = Principal.of(account, ADMINISTRATOR);
      List<String> refusals =
          withS3(
              administrator,
              s3 -> {
                List<String> codes = new ArrayList<>();
                try {
                  s3.putObject(put -> put.bucket(name).key("data/x"), RequestBody.fromString(""));
                } catch (S3Exception e) {
                  codes.add(e.awsErrorDetails().errorCode());
                }
                try {
                  s3.listObjectsV2(
                      list ->
                          list.bucket(name)
                              .overrideConfiguration(
                                  plain -> plain.putHeader("X-Forwarded-Proto", "http")));
                } catch (S3Exception e) {
                  codes.add(e.awsErrorDetails().errorCode());
                }
                codes.add(s3.getBucketVersioning(get -> get.bucket(name)).statusAsString());
                return codes;
              });
      if (refusals.equals(List.of("AccessDenied", "AccessDenied", "Enabled"))) {
        number++;
      }
    }
    return number;
  }

  /**
   * Returns true if a role archives logs of the mesh: they are old enough after a day, so
   * maintenance does not show it.
   */
  boolean canArchive(Principal role) {
    String name = bucket(governance);
    String key = "archive/_mesh/_/probe.jsonl";
    return withS3(
        role,
        s3 -> {
          try {
            s3.putObject(put -> put.bucket(name).key(key), RequestBody.fromString("{}"));
            s3.deleteObject(delete -> delete.bucket(name).key(key));
            return true;
          } catch (S3Exception e) {
            return false;
          }
        });
  }

  /** Returns the number of roles that the templates make. */
  int roles() {
    return templates.values().stream()
        .mapToInt(template -> template.body().split("\"AWS::IAM::Role\"", -1).length - 1)
        .sum();
  }
}
