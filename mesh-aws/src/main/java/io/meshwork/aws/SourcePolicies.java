package io.meshwork.aws;

import io.meshwork.error.InvalidRequestException;
import io.meshwork.internal.runtime.ArgumentChecks;
import io.meshwork.product.Principal;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The statements about sources of rows, which are not of the mesh. */
final class SourcePolicies {
  /** IAM would take the characters that are left out for patterns or variables. */
  private static final Pattern FOLDER =
      Pattern.compile("s3://(?<bucket>[a-z0-9][a-z0-9.-]{1,61}[a-z0-9])(?<path>(/[^*?$/]+)*)/*");

  private static final Pattern TABLE =
      Pattern.compile("arn:aws[a-z-]*:dynamodb:[a-z0-9-]+:[0-9]{12}:table/[A-Za-z0-9_.-]{3,255}");
  private static final Pattern SECRET =
      Pattern.compile(
          "arn:aws[a-z-]*:secretsmanager:[a-z0-9-]+:[0-9]{12}:secret:[A-Za-z0-9/_+=.@!-]+");
  private static final Pattern KEY =
      Pattern.compile("arn:aws[a-z-]*:kms:[a-z0-9-]+:[0-9]{12}:key/[A-Za-z0-9-]+");
  private static final String GET = "s3:GetObject";
  private static final String SCAN = "dynamodb:Scan";
  private static final String GET_SECRET = "secretsmanager:GetSecretValue";
  private static final String DECRYPT = "kms:Decrypt";
  private static final String ENCRYPT = "kms:GenerateDataKey";

  /** What DynamoDB does with the rights of the role that exports a table. */
  private static final String[] WRITE = {
    "s3:PutObject", "s3:PutObjectAcl", "s3:AbortMultipartUpload"
  };

  private static final Pattern ACCOUNT = Pattern.compile("[0-9]{12}");

  /**
   * An onboarding lists these in its folder and in each one around it, because the files of a table
   * of another format may have rows that were removed.
   */
  private static final List<String> LOGS = List.of("_delta_log/*", ".hoodie/*", "metadata/*");

  private final AwsConfig config;

  SourcePolicies(AwsConfig config) {
    this.config = config;
  }

  /**
   * Returns a source in the form in which it is stored.
   *
   * @throws InvalidRequestException if it is something else, or in a bucket of the mesh
   */
  String checked(String source) {
    if (Stream.of(TABLE, SECRET, KEY).anyMatch(form -> form.matcher(source).matches())) {
      return source;
    }
    if (!FOLDER.matcher(source).matches()) {
      throw ArgumentChecks.refused(
          "source",
          "is '"
              + source
              + "', which is not a folder in S3, a table of DynamoDB, a secret, or a key",
          "Write a folder such as s3://raw/orders/, without *, ?, and $, or the whole ARN of a"
              + " table, of a secret, or of a key of KMS.");
    }
    return checkedFolder("source", source);
  }

  /**
   * Returns a folder of a bucket in the form in which it is stored.
   *
   * @throws InvalidRequestException if it is something else, or in a bucket of the mesh
   */
  String checkedFolder(String folder) {
    return checkedFolder("folder", ArgumentChecks.text("folder", folder));
  }

  private String checkedFolder(String argument, String location) {
    Matcher folder = FOLDER.matcher(location);
    if (!folder.matches()) {
      throw ArgumentChecks.refused(
          argument,
          "is '" + location + "', which is not a folder in S3",
          "Write a folder such as s3://raw/orders/, without *, ?, and $.");
    }
    String bucket = folder.group("bucket");
    if (ACCOUNT
        .matcher(bucket)
        .results()
        .anyMatch(account -> config.bucketIn(account.group()).equals(bucket))) {
      throw ArgumentChecks.refused(
          argument,
          "is in '" + bucket + "', a bucket of the mesh",
          "Name a folder elsewhere. Rows of the mesh are read as its grants permit: the kinds of a"
              + " role have what it needs for that.");
    }
    return "s3://" + bucket + folder.group("path") + "/";
  }

  /**
   * Checks a table that is exported.
   *
   * @throws InvalidRequestException if it is something else
   */
  static void checkTable(String table) {
    if (!TABLE.matcher(ArgumentChecks.text("table", table)).matches()) {
      throw ArgumentChecks.refused(
          "table",
          "is '" + table + "', which is not the ARN of a table of DynamoDB",
          "Write an ARN such as arn:aws:dynamodb:eu-central-1:222222222222:table/orders.");
    }
  }

  /**
   * Returns what a role needs to read checked sources.
   *
   * @param exports true if it also writes files to these folders
   */
  List<PolicyStatement> ofRole(Collection<String> sources, boolean exports) {
    List<PolicyStatement> statements = ofFolders(folders(sources));
    add(statements, "ScanSources", SCAN, matching(TABLE, sources));
    add(statements, "ReadSecrets", GET_SECRET, matching(SECRET, sources));
    List<String> keys = matching(KEY, sources);
    if (!keys.isEmpty()) {
      statements.add(
          PolicyStatement.allow("UseSourceKeys")
              .actions(exports ? new String[] {DECRYPT, ENCRYPT} : new String[] {DECRYPT})
              .on(keys)
              .when("StringEquals", "kms:ViaService", viaServices(keys, sources)));
    }
    return statements;
  }

  /** Returns the services with which keys are used: the services of the other sources. */
  private Set<String> viaServices(List<String> keys, Collection<String> sources) {
    Set<String> services = new TreeSet<>();
    for (String key : keys) {
      String region = key.split(":", -1)[3];
      Map.of("dynamodb", TABLE, "secretsmanager", SECRET, "s3", FOLDER)
          .forEach(
              (service, form) -> {
                if (!matching(form, sources).isEmpty()) {
                  services.addAll(new PlacePolicies(config).viaService(service, region));
                }
              });
    }
    if (services.isEmpty()) {
      throw ArgumentChecks.refused(
          "source",
          "is a key, and the role has no source that is encrypted with it",
          "Name the folder, the table, or the secret too.");
    }
    return services;
  }

  /**
   * Returns what the owners of tables, secrets, and keys in an account other than a role's permit
   * it, by a name such as {@code table_eu-central-1_333333333333_orders}.
   *
   * @param sources checked ones
   * @param exports the folders to which roles export tables; keys encrypt the files there
   */
  Map<String, List<PolicyStatement>> ofOwners(
      Map<Principal, ? extends Collection<String>> sources,
      Map<Principal, Collection<String>> exports) {
    Map<String, List<PolicyStatement>> owners = new TreeMap<>();
    Map<String, List<Principal>> roles = new TreeMap<>();
    sources.forEach(
        (role, all) ->
            all.stream()
                .filter(source -> source.startsWith("arn:"))
                .filter(source -> !accountOf(source).equals(role.account()))
                .forEach(
                    source ->
                        roles.computeIfAbsent(source, ignored -> new ArrayList<>()).add(role)));
    roles.forEach(
        (source, readers) -> {
          boolean isKey = KEY.matcher(source).matches();
          String action = isKey ? DECRYPT : TABLE.matcher(source).matches() ? SCAN : GET_SECRET;
          // The policy of a key names no other key.
          String place = isKey ? "*" : source;
          List<PolicyStatement> statements = new ArrayList<>();
          statements.add(
              PolicyStatement.allow("ReadSource").to(arns(readers)).actions(action).on(place));
          List<Principal> writers =
              readers.stream()
                  .filter(role -> !exports.getOrDefault(role, List.of()).isEmpty())
                  .toList();
          if (isKey && !writers.isEmpty()) {
            statements.add(
                PolicyStatement.allow("EncryptExports")
                    .to(arns(writers))
                    .actions(ENCRYPT)
                    .on(place));
          }
          owners.put(ownedName(source), statements);
        });
    return owners;
  }

  private List<String> arns(List<Principal> roles) {
    return roles.stream().map(config::roleArn).toList();
  }

  private static String accountOf(String arn) {
    return arn.split(":", -1)[4];
  }

  /** No bucket has an underscore in its name, and no secret a tilde: each name is different. */
  private static String ownedName(String arn) {
    String[] parts = arn.split("[:/]", 7);
    return String.join("_", parts[5], parts[3], parts[4], parts[6].replace('/', '~'));
  }

  /** Returns what a role needs to export tables to checked folders, without reading these. */
  List<PolicyStatement> ofExports(Map<String, String> foldersByTable) {
    if (foldersByTable.isEmpty()) {
      return List.of();
    }
    List<String> files = new ArrayList<>();
    folders(foldersByTable.values()).forEach((bucket, paths) -> files.addAll(files(bucket, paths)));
    return List.of(
        PolicyStatement.allow("ExportTables")
            .actions("dynamodb:ExportTableToPointInTime")
            .on(foldersByTable.keySet()),
        PolicyStatement.allow("AwaitExports")
            .actions("dynamodb:DescribeExport")
            .on(foldersByTable.keySet().stream().map(table -> table + "/export/*").toList()),
        PolicyStatement.allow("WriteExports").actions(WRITE).on(files));
  }

  /**
   * Returns by bucket what its owner, in an account other than the roles', permits them.
   *
   * @param sources checked ones
   * @param exports the checked folders to which roles export tables, also among the sources
   */
  Map<String, List<PolicyStatement>> ofBuckets(
      Map<Principal, ? extends Collection<String>> sources,
      Map<Principal, ? extends Collection<String>> exports) {
    Map<String, List<PolicyStatement>> buckets = new TreeMap<>();
    arns(sources)
        .forEach(
            (bucket, arnsByPaths) -> {
              List<PolicyStatement> statements = new ArrayList<>();
              arnsByPaths.forEach(
                  (paths, arns) -> {
                    int number = statements.size() / 2 + 1;
                    statements.add(list("List" + number, bucket, paths).to(arns));
                    statements.add(
                        PolicyStatement.allow("Read" + number)
                            .to(arns)
                            .actions(GET)
                            .on(files(bucket, paths)));
                  });
              buckets.put(bucket, statements);
            });
    arns(exports)
        .forEach(
            (bucket, arnsByPaths) -> {
              List<PolicyStatement> statements =
                  buckets.computeIfAbsent(bucket, ignored -> new ArrayList<>());
              int[] number = new int[1];
              arnsByPaths.forEach(
                  (paths, arns) ->
                      statements.add(
                          PolicyStatement.allow("Export" + ++number[0])
                              .to(arns)
                              .actions(WRITE)
                              .on(files(bucket, paths))));
            });
    return buckets;
  }

  /** Returns the ARNs of roles by bucket and by the paths that they use there. */
  private Map<String, Map<Set<String>, List<String>>> arns(
      Map<Principal, ? extends Collection<String>> foldersByRole) {
    Map<String, Map<Set<String>, List<String>>> arns = new TreeMap<>();
    foldersByRole.forEach(
        (role, all) ->
            folders(all)
                .forEach(
                    (bucket, paths) ->
                        arns.computeIfAbsent(bucket, ignored -> new LinkedHashMap<>())
                            .computeIfAbsent(paths, ignored -> new ArrayList<>())
                            .add(config.roleArn(role))));
    return arns;
  }

  private List<PolicyStatement> ofFolders(Map<String, TreeSet<String>> folders) {
    List<PolicyStatement> statements = new ArrayList<>();
    List<String> files = new ArrayList<>();
    folders.forEach(
        (bucket, paths) -> {
          statements.add(list("ListSource" + (statements.size() + 1), bucket, paths));
          files.addAll(files(bucket, paths));
        });
    add(statements, "ReadSources", GET, files);
    return statements;
  }

  private PolicyStatement list(String id, String bucket, Set<String> paths) {
    TreeSet<String> prefixes = new TreeSet<>();
    for (String path : paths) {
      prefixes.add(path + "*");
      String around = path;
      while (!around.isEmpty()) {
        around = around.substring(0, around.lastIndexOf('/', around.length() - 2) + 1);
        for (String log : LOGS) {
          prefixes.add(around + log);
        }
      }
    }
    return PolicyStatement.allow(id)
        .actions("s3:ListBucket")
        .on("arn:" + config.partition() + ":s3:::" + bucket)
        .when("StringLike", "s3:prefix", prefixes);
  }

  private List<String> files(String bucket, Set<String> paths) {
    return paths.stream()
        .map(path -> "arn:" + config.partition() + ":s3:::" + bucket + "/" + path + "*")
        .toList();
  }

  private static void add(
      List<PolicyStatement> statements, String id, String action, List<String> arns) {
    if (!arns.isEmpty()) {
      statements.add(PolicyStatement.allow(id).actions(action).on(arns));
    }
  }

  private static List<String> matching(Pattern pattern, Collection<String> sources) {
    return sources.stream().filter(each -> pattern.matcher(each).matches()).toList();
  }

  /** Returns the paths of folders by bucket; a path is empty or ends with a slash. */
  static Map<String, TreeSet<String>> folders(Collection<String> sources) {
    Map<String, TreeSet<String>> folders = new TreeMap<>();
    for (String source : sources) {
      Matcher folder = FOLDER.matcher(source);
      if (folder.matches()) {
        String path = folder.group("path");
        folders
            .computeIfAbsent(folder.group("bucket"), ignored -> new TreeSet<>())
            .add(path.isEmpty() ? "" : path.substring(1) + "/");
      }
    }
    return folders;
  }
}
