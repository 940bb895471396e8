package io.meshwork.aws;

import com.fasterxml.jackson.databind.JsonNode;
import com.tngtech.archunit.ArchConfiguration;
import com.tngtech.archunit.core.domain.AccessTarget;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import io.meshwork.aws.internal.mirror.AwsMirrors;
import io.meshwork.internal.ledger.DocumentJson;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.glue.GlueClient;
import software.amazon.awssdk.services.lakeformation.LakeFormationClient;
import software.amazon.awssdk.services.ram.RamClient;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.sts.StsClient;

/** The operations of AWS that mirrors use. Stateless. */
final class MirrorOperations {
  static final String ASSUME_ROLE = "sts:AssumeRole";

  /** The reader of a link calls it, with the permissions of the reader. */
  static final String GET_CREDENTIALS = "lakeformation:GetTemporaryGlueTableCredentials";

  /** The reader of a link reads a file with it, by credentials that Lake Formation vended. */
  private static final String GET_FILE = "s3:GetObjectAsBytes";

  /** What mirrors call with hybrid access only; {@code LakeFormationHybridTest} disturbs it. */
  static final Set<String> OF_HYBRID_ACCESS =
      Set.of("lakeformation:ListLakeFormationOptIns", "lakeformation:CreateLakeFormationOptIn");

  private static final Map<Class<?>, String> CLIENTS =
      Map.of(
          GlueClient.class, "glue",
          LakeFormationClient.class, "lakeformation",
          RamClient.class, "ram",
          S3Client.class, "s3");

  private static final Map<Class<?>, String> ALL_CLIENTS =
      Map.of(
          DynamoDbClient.class, "dynamodb",
          GlueClient.class, "glue",
          LakeFormationClient.class, "lakeformation",
          RamClient.class, "ram",
          S3Client.class, "s3",
          StsClient.class, "sts");

  /** Methods of clients that are not an operation of the service. */
  private static final Set<String> NO_OPERATIONS =
      Set.of("close", "builder", "create", "serviceClientConfiguration");

  /** What Lake Formation calls with the rights of the mirror, and the mirror itself does not. */
  private static final Set<String> BY_LAKE_FORMATION =
      Set.of(
          "ram:CreateResourceShare",
          "ram:GetResourceShares",
          "ram:UpdateResourceShare",
          "ram:AssociateResourceShare",
          "ram:AssociateResourceSharePermission",
          "ram:DisassociateResourceShare",
          "ram:DeleteResourceShare",
          "iam:PassRole");

  private MirrorOperations() {}

  /**
   * Returns the operations of the clients that the classes of the mirrors call, except requests for
   * files of tables.
   */
  static Set<String> ofClasses() {
    Set<String> operations = called(AwsMirrors.class.getPackageName(), CLIENTS);
    operations.remove(GET_FILE);
    return operations;
  }

  /**
   * Returns the operations of AWS that the classes of a package and its subpackages call, also
   * through the SDK: the role of a principal is assumed by its provider.
   */
  static Set<String> ofPackage(String packageName) {
    Set<String> operations = called(packageName, ALL_CLIENTS);
    if (operations.remove(GET_FILE)) {
      operations.add("s3:GetObject");
    }
    operations.add(ASSUME_ROLE);
    return operations;
  }

  private static Set<String> called(String packageName, Map<Class<?>, String> clients) {
    Set<String> operations = new TreeSet<>();
    // Only the names of what the classes use are needed, not the classes of the SDK.
    ArchConfiguration.withThreadLocalScope(
        configuration -> {
          configuration.setResolveMissingDependenciesFromClassPath(false);
          new ClassFileImporter()
                  .withImportOption(
                      location ->
                          !location.contains("test-classes") && !location.contains("-tests.jar"))
                  .importPackages(packageName)
                  .stream()
                  .flatMap(MirrorOperations::accesses)
                  .map(JavaAccess::getTarget)
                  .forEach(target -> add(target, clients, operations));
        });
    return operations;
  }

  private static Stream<JavaAccess<?>> accesses(JavaClass type) {
    return Stream.concat(
        type.getAccessesFromSelf().stream(), type.getMethodReferencesFromSelf().stream());
  }

  private static void add(
      AccessTarget target, Map<Class<?>, String> clients, Set<String> operations) {
    clients.forEach(
        (client, service) -> {
          if (target.getOwner().isEquivalentTo(client)
              && !NO_OPERATIONS.contains(target.getName())) {
            String name = target.getName().replaceFirst("Paginator$", "");
            operations.add(
                service + ":" + name.substring(0, 1).toUpperCase(Locale.ROOT) + name.substring(1));
          }
        });
  }

  /** Returns the operations that policies permit to mirrors. */
  static Set<String> ofPolicies(List<String> policies) {
    Set<String> operations = new TreeSet<>();
    for (String policy : policies) {
      for (JsonNode statement : DocumentJson.parseObject("a policy", policy).path("Statement")) {
        JsonNode actions = statement.path("Action");
        if (actions.isTextual()) {
          operations.add(actions.asText());
        }
        actions.forEach(action -> operations.add(action.asText()));
      }
    }
    operations.removeAll(BY_LAKE_FORMATION);
    return operations;
  }

  /** Returns true for a call of a mirror; others are calls to the registry and by the process. */
  static boolean isOfMirror(String call) {
    return call.equals(ASSUME_ROLE)
        || call.matches("(glue|lakeformation|ram):.*|s3:.*BucketPolicy");
  }
}
