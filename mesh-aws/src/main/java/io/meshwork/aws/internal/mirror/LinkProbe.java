package io.meshwork.aws.internal.mirror;

import io.meshwork.aws.internal.AwsFailure;
import io.meshwork.aws.internal.ResourceNames;
import io.meshwork.aws.internal.mirror.AccountShare.TableReader;
import io.meshwork.error.AccessDeniedException;
import io.meshwork.error.Finding;
import io.meshwork.error.FindingCode;
import io.meshwork.error.MeshException;
import io.meshwork.product.Principal;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import software.amazon.awssdk.services.glue.GlueClient;
import software.amazon.awssdk.services.glue.model.Table;
import software.amazon.awssdk.services.lakeformation.LakeFormationClient;
import software.amazon.awssdk.services.lakeformation.model.Permission;

/**
 * Uses links as their readers: each looks up its tables by the link, then by their own name, and,
 * if it reads them whole, gets credentials for their files. Roles that this process may not assume
 * are left out. Used by one thread.
 *
 * @param catalog the account of the catalog
 * @param names the names of roles and tables
 * @param mirror the role of the mesh in the account that has the links
 */
record LinkProbe(String catalog, ResourceNames names, RoleClients mirror) {
  private static final int DURATION = 900;

  /** A request of a reader. */
  private record ReaderRequest(String name, Runnable send) {}

  /** Returns what readers do not get. */
  List<Finding> findings(List<AccountShare> shares) {
    List<Finding> findings = new ArrayList<>();
    Set<String> untried = new TreeSet<>();
    for (AccountShare share : shares) {
      for (TableReader reader : share.readers()) {
        if (reader.principal().startsWith("arn:")) {
          try {
            probe(share, reader).ifPresent(findings::add);
          } catch (AccessDeniedException e) {
            untried.add(role(reader).role());
          }
        }
      }
    }
    if (!untried.isEmpty()) {
      findings.add(untried(untried));
    }
    return findings;
  }

  private Principal role(TableReader reader) {
    return Principal.of(
        mirror.account(), reader.principal().substring(reader.principal().lastIndexOf('/') + 1));
  }

  /**
   * Tries the requests of a reader, until one fails.
   *
   * @throws AccessDeniedException if this process may not act as the reader
   */
  private Optional<Finding> probe(AccountShare share, TableReader reader) {
    Principal role = role(reader);
    GlueClient glue = mirror.clients().glue(role);
    LakeFormationClient lake = mirror.clients().lakeFormation(role);
    List<ReaderRequest> requests = new ArrayList<>();
    requests.add(
        new ReaderRequest(
            "GetTable of the link " + share.link() + "." + reader.table(),
            () -> table(glue, mirror.account(), share.link(), reader.table())));
    requests.add(
        new ReaderRequest(
            "GetTable of its target in " + catalog,
            () -> table(glue, catalog, share.database(), reader.table())));
    if (reader.whole()) {
      requests.add(
          new ReaderRequest(
              "GetTemporaryGlueTableCredentials of its target in " + catalog,
              () -> credentials(lake, share.database(), reader.table())));
    }
    for (ReaderRequest request : requests) {
      try {
        request.send().run();
      } catch (MeshException e) {
        return Optional.of(unreadable(share, reader, request, String.valueOf(e.getMessage())));
      } catch (RuntimeException e) {
        return Optional.of(unreadable(share, reader, request, AwsFailure.describe(e)));
      }
    }
    return Optional.empty();
  }

  private static Table table(GlueClient glue, String account, String database, String name) {
    return glue.getTable(get -> get.catalogId(account).databaseName(database).name(name)).table();
  }

  private void credentials(LakeFormationClient lake, String database, String table) {
    lake.getTemporaryGlueTableCredentials(
        get ->
            get.tableArn(names.glue(catalog, "table/" + database + "/" + table))
                .permissions(Permission.SELECT)
                .durationSeconds(DURATION));
  }

  private Finding unreadable(
      AccountShare share, TableReader reader, ReaderRequest request, String failure) {
    return new Finding(
        FindingCode.MIRROR_UNREADABLE,
        Finding.Severity.WARNING,
        "glue " + share.link() + "/" + reader.table() + " in " + mirror.account(),
        role(reader) + " may read it, but " + request.name() + " failed: " + failure + ".",
        0,
        List.of(),
        "Check that IAM allows the role glue:GetTable on both tables, and"
            + " lakeformation:GetDataAccess. If it does, wait a few minutes, and verify again: AWS"
            + " applies changes of permissions late.");
  }

  private Finding untried(Set<String> roles) {
    return new Finding(
        FindingCode.MIRROR_UNREACHABLE,
        Finding.Severity.NOTE,
        "readers in " + mirror.account(),
        "The reads of "
            + roles.size()
            + (roles.size() == 1 ? " role" : " roles")
            + " were not tried, because this process may not act as them.",
        roles.size(),
        List.of(),
        "No action is needed. To try them, let this process assume the roles.");
  }
}
