package io.meshwork.internal.maintenance;

import io.meshwork.error.Finding;
import io.meshwork.error.Finding.Severity;
import io.meshwork.error.FindingCode;
import io.meshwork.internal.catalog.DomainEntry;
import io.meshwork.internal.catalog.DomainEntry.DataPlace;
import io.meshwork.internal.catalog.DomainEntry.PlaceOwner;
import io.meshwork.internal.catalog.RegistryKeys;
import io.meshwork.internal.leftovers.DataFolder;
import io.meshwork.internal.leftovers.DataFolder.ForeignFolder;
import io.meshwork.internal.leftovers.TableLeftovers;
import io.meshwork.internal.session.ClientSession;
import io.meshwork.internal.session.ClientSession.MaintainedDomains;
import io.meshwork.internal.session.ForeignReferences;
import io.meshwork.internal.table.DataPlaces;
import io.meshwork.internal.table.TableName;
import io.meshwork.product.Domain;
import io.meshwork.registry.Registry.Key;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.apache.iceberg.io.FileInfo;

/** Finds files that are not where their domain's data is. */
public final class PlaceExamination {
  private static final int SAMPLES = 5;

  private final ClientSession session;
  private final DataFolder folder;
  private final MaintainedDomains maintained;

  public PlaceExamination(ClientSession session, DataFolder folder, MaintainedDomains maintained) {
    this.session = session;
    this.folder = folder;
    this.maintained = maintained;
  }

  /** Returns a finding for each place that could not be listed, whose tables are skipped. */
  public static List<Finding> unlisted(DataFolder folder) {
    return folder.unlistedPlaces().stream()
        .map(
            place ->
                new Finding(
                    FindingCode.PLACE_NOT_LISTED,
                    place.severity(),
                    place.root(),
                    "The files of a domain in this place "
                        + place.reason()
                        + ", so its tables were skipped; other tables were processed.",
                    0,
                    List.of(),
                    "Check the store, its permissions, and where links lead; restore "
                        + DataPlaces.MARKER
                        + " from a backup if it is missing or damaged. A domain in another account"
                        + " needs a place in its own account, with location(..). Then run it"
                        + " again."))
        .toList();
  }

  public void examine(List<Finding> findings) {
    folder
        .foreign()
        .forEach(
            (foreign, files) -> {
              // Its domain may have got this place after the documents of domains were read.
              if (!session.tables().places().roots(foreign.domain()).contains(foreign.root())) {
                findings.add(foreign(foreign, files));
              }
            });
    ForeignReferences tables = ForeignReferences.ofMaintained(session);
    unknown(folder.loose().stream().filter(file -> !tables.isReferenced(file.location())).toList())
        .ifPresent(findings::add);
    examineMeshRoot(findings);
    examineAccounts(findings);
  }

  private Optional<Finding> unknown(List<FileInfo> files) {
    return files.isEmpty()
        ? Optional.empty()
        : Optional.of(
            new Finding(
                FindingCode.UNKNOWN_FILES,
                Severity.NOTE,
                DataPlaces.dataFolder(session.tables().places().meshRoot()),
                (files.size() == 1 ? "1 file is" : files.size() + " files are")
                    + " among the folders of tables, but in none of them: together "
                    + files.stream().mapToLong(FileInfo::size).sum()
                    + " bytes. This mesh did not write them, and maintenance keeps them.",
                files.size(),
                files.stream().limit(SAMPLES).map(FileInfo::location).toList(),
                TableLeftovers.NAME_UNKNOWN_FILES));
  }

  /** Finds domains that store new data in an account of others, such as the mesh's. */
  private void examineAccounts(List<Finding> findings) {
    boolean isGovernance = maintained.includes(RegistryKeys.MESH);
    for (DomainEntry domain : session.catalog().availableDomains()) {
      boolean isExamined =
          isGovernance || maintained.includes(RegistryKeys.partition(domain.domain().name()));
      if (!isExamined || domain.places().isEmpty()) {
        continue;
      }
      List<String> accounts = domain.domain().accounts();
      DataPlace newest = domain.places().get(0);
      newest
          .owner()
          .filter(owner -> !accounts.contains(owner.account()))
          .ifPresent(owner -> findings.add(ofOtherAccount(domain.domain(), newest.root(), owner)));
    }
  }

  private static Finding ofOtherAccount(Domain domain, String root, PlaceOwner owner) {
    return new Finding(
        FindingCode.PLACE_OF_OTHER_ACCOUNT,
        Severity.NOTE,
        root,
        "Domain '"
            + domain.name()
            + "' keeps its data in the account "
            + owner.account()
            + " (region "
            + owner.region()
            + "), and its own accounts are "
            + domain.accounts()
            + ". The administrators of that account can read and delete the data.",
        1,
        List.of(domain.name()),
        "If that is not intended, create a bucket in an account of the domain, and set it with"
            + " location(..).");
  }

  private static Finding foreign(ForeignFolder folder, long files) {
    return new Finding(
        FindingCode.FOREIGN_FOLDER,
        Severity.WARNING,
        folder.toString(),
        "Domain '"
            + folder.domain()
            + "' does not keep data in this place. "
            + (files == 1 ? "The file" : "The " + files + " files")
            + " in this folder may belong to another place or another mesh that leads here."
            + " Maintenance never deletes them.",
        files,
        List.of(),
        "Find out what uses them before you move or delete anything.");
  }

  /** Finds tables below the root of the mesh whose domains have a place of their data. */
  private void examineMeshRoot(List<Finding> findings) {
    String start = DataPlaces.dataFolder(session.tables().places().meshRoot()) + "/";
    for (String domain : folder.placedDomains()) {
      Set<String> tables = new TreeSet<>();
      for (Key table : folder.tables()) {
        if (table.writingDomain().equals(domain)
            && folder.files(table).keySet().stream().anyMatch(file -> file.startsWith(start))) {
          tables.add(TableName.format(table));
        }
      }
      if (!tables.isEmpty()) {
        findings.add(
            new Finding(
                FindingCode.DATA_IN_GOVERNANCE,
                Severity.NOTE,
                start + domain,
                "The domain has a place for its data, but "
                    + tables.size()
                    + (tables.size() == 1 ? " table has" : " tables have")
                    + " files below the root of the mesh, as before the domain got its place.",
                tables.size(),
                tables.stream().limit(SAMPLES).toList(),
                "No action is needed; the next major version of a product is created in the place"
                    + " of the domain."));
      }
    }
  }
}
