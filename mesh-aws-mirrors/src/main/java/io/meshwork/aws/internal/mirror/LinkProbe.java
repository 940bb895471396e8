package io.meshwork.aws.internal.mirror;

import static java.util.Objects.requireNonNull;

import io.meshwork.aws.internal.AwsFailure;
import io.meshwork.aws.internal.MirrorSettings;
import io.meshwork.aws.internal.ResourceNames;
import io.meshwork.aws.internal.mirror.DatabaseShare.TableReader;
import io.meshwork.aws.internal.mirror.NamedLinks.NamedLink;
import io.meshwork.aws.internal.mirror.glue.GlueImages;
import io.meshwork.aws.internal.mirror.glue.MirrorClients.ReaderClients;
import io.meshwork.aws.internal.mirror.glue.RoleClients;
import io.meshwork.error.AccessDeniedException;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.Finding;
import io.meshwork.error.Finding.Severity;
import io.meshwork.error.FindingCode;
import io.meshwork.error.MeshAction;
import io.meshwork.error.MeshAction.Verb;
import io.meshwork.error.MeshException;
import io.meshwork.internal.runtime.Deadline;
import io.meshwork.product.Principal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicReference;
import software.amazon.awssdk.auth.credentials.AwsCredentials;
import software.amazon.awssdk.auth.credentials.AwsSessionCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.exception.AbortedException;
import software.amazon.awssdk.services.glue.GlueClient;
import software.amazon.awssdk.services.glue.model.Table;
import software.amazon.awssdk.services.lakeformation.LakeFormationClient;
import software.amazon.awssdk.services.lakeformation.model.GetTemporaryGlueTableCredentialsResponse;
import software.amazon.awssdk.services.lakeformation.model.Permission;

/**
 * Uses links as their readers: each looks up its tables by the link, then by their own name, and,
 * if it reads them whole, gets credentials for their files, and reads one byte of the metadata with
 * these. Roles that this process may not assume are left out. Used by one thread.
 *
 * @param catalog the account of the catalog
 * @param names the names of roles and tables
 * @param mirror the role of the mesh in the account that has the links
 */
record LinkProbe(String catalog, ResourceNames names, RoleClients mirror) {
  private static final MeshAction ACTION = MeshAction.of(Verb.READ, "links as their readers");
  private static final int DURATION = 900;
  private static final String SCHEME = "s3://";
  private static final String FIRST_BYTE = "bytes=0-0";

  private record ReaderRequest(String name, Runnable send) {}

  /** A table that a reader may read by a link. */
  private record LinkRead(DatabaseShare share, TableReader reader, List<NamedLink> named) {}

  /**
   * Returns what readers do not get, and which readers were not tried.
   *
   * @param named the links that the domain of the account gave names to
   * @throws io.meshwork.error.BackendException INTERRUPTED if the thread is interrupted
   */
  List<Finding> findings(List<DatabaseShare> shares, List<NamedLink> named, Deadline deadline) {
    List<Finding> findings = new ArrayList<>();
    int denied = 0;
    int late = 0;
    for (List<LinkRead> reads : byRole(shares, named)) {
      if (deadline.passed()) {
        late++;
        continue;
      }
      Principal role = role(reads.get(0).reader());
      try (ReaderClients clients = mirror.clients().reader(role)) {
        for (LinkRead read : reads) {
          probe(read, clients).ifPresent(findings::add);
        }
      } catch (AccessDeniedException e) {
        denied++;
      } catch (MeshException e) {
        findings.add(failed(role, requireNotInterrupted(e)));
      }
    }
    if (denied > 0) {
      findings.add(denied(denied));
    }
    if (late > 0) {
      findings.add(late(late));
    }
    return findings;
  }

  private static List<List<LinkRead>> byRole(List<DatabaseShare> shares, List<NamedLink> named) {
    Map<String, List<LinkRead>> reads = new TreeMap<>();
    for (DatabaseShare share : shares) {
      for (TableReader reader : share.readers()) {
        if (reader.principal().startsWith("arn:")) {
          reads
              .computeIfAbsent(reader.principal(), absent -> new ArrayList<>())
              .add(
                  new LinkRead(
                      share,
                      reader,
                      named.stream()
                          .filter(link -> link.isTo(share))
                          .filter(link -> link.table().equals(reader.table()))
                          .toList()));
        }
      }
    }
    return List.copyOf(reads.values());
  }

  private Principal role(TableReader reader) {
    return Principal.of(
        mirror.account(), reader.principal().substring(reader.principal().lastIndexOf('/') + 1));
  }

  /** Tries the requests of a reader, until one fails. */
  private Optional<Finding> probe(LinkRead read, ReaderClients clients) {
    for (ReaderRequest request : requests(read, clients)) {
      try {
        request.send().run();
      } catch (MeshException e) {
        return Optional.of(
            unreadable(read, request, String.valueOf(requireNotInterrupted(e).getMessage())));
      } catch (AbortedException e) {
        throw Deadline.interrupted(ACTION, null);
      } catch (RuntimeException e) {
        return Optional.of(unreadable(read, request, AwsFailure.describe(e)));
      }
    }
    return Optional.empty();
  }

  private static MeshException requireNotInterrupted(MeshException failure) {
    if (failure.errorCode() == ErrorCode.INTERRUPTED) {
      throw failure;
    }
    return failure;
  }

  private List<ReaderRequest> requests(LinkRead read, ReaderClients clients) {
    DatabaseShare share = read.share();
    TableReader reader = read.reader();
    List<ReaderRequest> requests = new ArrayList<>();
    AtomicReference<Table> target = new AtomicReference<>();
    AtomicReference<AwsCredentials> vended = new AtomicReference<>();
    requests.add(
        new ReaderRequest(
            "GetTable of the link " + share.link() + "." + reader.table(),
            () -> table(clients.glue(), mirror.account(), share.link(), reader.table())));
    for (NamedLink link : read.named()) {
      requests.add(
          new ReaderRequest(
              "GetTable of the link " + link.database() + "." + link.name(),
              () -> table(clients.glue(), mirror.account(), link.database(), link.name())));
    }
    requests.add(
        new ReaderRequest(
            "GetTable of its target in " + catalog,
            () -> target.set(table(clients.glue(), catalog, share.database(), reader.table()))));
    if (reader.whole()) {
      requests.add(
          new ReaderRequest(
              "GetTemporaryGlueTableCredentials of its target in " + catalog,
              () ->
                  vended.set(
                      credentials(clients.lakeFormation(), share.database(), reader.table()))));
      requests.add(
          new ReaderRequest(
              "GetObject of its metadata with these credentials",
              () ->
                  readByte(
                      clients,
                      requireNonNull(vended.get()),
                      metadataOf(requireNonNull(target.get())))));
    }
    return requests;
  }

  private static Table table(GlueClient glue, String account, String database, String name) {
    return glue.getTable(get -> get.catalogId(account).databaseName(database).name(name)).table();
  }

  private AwsCredentials credentials(LakeFormationClient lake, String database, String table) {
    GetTemporaryGlueTableCredentialsResponse vended =
        lake.getTemporaryGlueTableCredentials(
            get ->
                get.tableArn(names.glue(catalog, "table/" + database + "/" + table))
                    .permissions(Permission.SELECT)
                    .durationSeconds(DURATION));
    return AwsSessionCredentials.create(
        vended.accessKeyId(), vended.secretAccessKey(), vended.sessionToken());
  }

  /** Returns the location of the current metadata; empty if the table names none in S3. */
  private static String metadataOf(Table table) {
    String location = table.parameters().getOrDefault(GlueImages.METADATA, "");
    return location.startsWith(SCHEME) ? location.substring(SCHEME.length()) : "";
  }

  private static void readByte(ReaderClients clients, AwsCredentials vended, String location) {
    int slash = location.indexOf('/');
    if (slash > 0) { // The mirror of Glue reports a table without metadata.
      clients
          .s3(StaticCredentialsProvider.create(vended))
          .getObjectAsBytes(
              get ->
                  get.bucket(location.substring(0, slash))
                      .key(location.substring(slash + 1))
                      .range(FIRST_BYTE));
    }
  }

  private Finding unreadable(LinkRead read, ReaderRequest request, String failure) {
    return new Finding(
        FindingCode.MIRROR_UNREADABLE,
        Severity.WARNING,
        "glue " + read.share().link() + "/" + read.reader().table() + " in " + mirror.account(),
        role(read.reader()) + " may read it, but " + request.name() + " failed: " + failure + ".",
        0,
        List.of(),
        "Check that IAM allows the role glue:GetTable on both tables, and"
            + " lakeformation:GetDataAccess, and that the role "
            + MirrorSettings.REGISTRATION
            + " of "
            + catalog
            + " may read the bucket. If so, wait a few minutes, and verify again: AWS applies"
            + " changes of permissions late.");
  }

  private Finding failed(Principal role, MeshException failure) {
    return untried(
        Severity.WARNING,
        1,
        "The reads of " + role + " were not tried: " + failure.getMessage(),
        "Verify again.");
  }

  private Finding denied(int roles) {
    return untried(
        Severity.NOTE,
        roles,
        readsOf(roles) + " were not tried, because this process may not act as them.",
        "No action is needed. To try them, let this process assume the roles.");
  }

  private Finding late(int roles) {
    return untried(
        Severity.WARNING,
        roles,
        readsOf(roles) + " were not tried, because the time of the verification was over.",
        "Set a longer timeout(..) of the mirrors, and verify again.");
  }

  private static String readsOf(int roles) {
    return "The reads of " + roles + (roles == 1 ? " role" : " roles");
  }

  private Finding untried(Severity severity, int roles, String what, String fix) {
    return new Finding(
        FindingCode.MIRROR_UNREACHABLE,
        severity,
        "readers in " + mirror.account(),
        what,
        roles,
        List.of(),
        fix);
  }
}
