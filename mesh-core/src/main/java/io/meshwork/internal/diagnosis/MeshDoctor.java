package io.meshwork.internal.diagnosis;

import io.meshwork.error.Finding;
import io.meshwork.error.FindingCode;
import io.meshwork.internal.catalog.RegistryKeys;
import io.meshwork.internal.delivery.NoticeDelivery;
import io.meshwork.internal.ledger.PartitionVerification;
import io.meshwork.internal.leftovers.DataFolder;
import io.meshwork.internal.leftovers.TableLeftovers;
import io.meshwork.internal.maintenance.IndexTask;
import io.meshwork.internal.maintenance.LinkExamination;
import io.meshwork.internal.maintenance.PlaceExamination;
import io.meshwork.internal.maintenance.ReaderExamination;
import io.meshwork.internal.routing.PartitionCatalogs;
import io.meshwork.internal.session.ClientSession;
import io.meshwork.internal.session.ClientSession.MaintainedDomains;
import io.meshwork.internal.session.ForeignReferences;
import io.meshwork.internal.session.ReachableCatalogs;
import io.meshwork.internal.table.MeshTables;
import io.meshwork.internal.table.TableName;
import io.meshwork.maintenance.MeshDiagnosis;
import io.meshwork.registry.Registry.Key;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Examines all logs, documents and tables of the domains that the process maintains, and the
 * governance documents of the mesh, and reports problems. Changes nothing.
 *
 * <p>It finds documents by their keys, never by the contents of other documents, so that a damaged
 * document does not hide others. Products and domains are also found by subscriptions to them and,
 * if the store can list, by their folders. Only a checkpoint elsewhere detects the removal of a
 * domain without any trace, such as of all its subscriptions together with its log.
 */
final class MeshDoctor {
  private static final String MAJORS = "major/";
  private static final String RESTORE = "Restore the registry from a backup.";
  private static final Pattern STORAGE_NAME = Pattern.compile("[a-z][a-z0-9_]*");
  private static final Pattern SUBSCRIPTION =
      Pattern.compile(RegistryKeys.SUBSCRIPTIONS + "([a-z0-9_]+)\\.([a-z0-9_]+)/.*");

  private final ClientSession session;
  private boolean everyFile;
  private final ClockExamination clock;
  private final ForeignReferences foreign;
  private final List<Finding> findings = new ArrayList<>();

  /** Creates a doctor for the session's mesh that reads the newest files of each table. */
  MeshDoctor(ClientSession session) {
    this.session = session;
    this.clock = new ClockExamination(session);
    this.foreign = ForeignReferences.ofMaintained(session);
  }

  /**
   * Examines the mesh.
   *
   * @throws io.meshwork.error.BackendException if the registry cannot be read
   */
  MeshDiagnosis examine() {
    clock.examineHost(findings);
    MaintainedDomains maintained = session.maintainedDomains();
    // Files are listed first, so that a file that is committed later never looks unreferenced.
    DataFolder listed = DataFolder.list(session, maintained);
    ReachableCatalogs reachable = ReachableCatalogs.of(session);
    DataFolder folder = listed.ofAvailable(session, reachable);
    findings.addAll(reachable.unavailable());
    findings.addAll(PlaceExamination.unlisted(folder));
    new PlaceExamination(session, folder, maintained).examine(findings);
    Set<String> governed = new TreeSet<>();
    for (String governance : reachable.governances(session)) {
      PartitionVerification check = session.ledger().examine(governance);
      findings.addAll(check.findings());
      clock.examine(governance, check, findings);
      if (maintained.includes(governance)) {
        new ArchiveExamination(session, governance, folder).examine(findings);
      }
      check.documents().forEach(sort -> governed.add(governance + " " + sort));
    }
    for (String mirrors : reachable.mirrors(session)) {
      findings.addAll(session.ledger().verify(mirrors));
    }
    Map<String, PartitionVerification> domains = new TreeMap<>();
    if (maintained.includes(RegistryKeys.MESH)) {
      examineReads(RegistryKeys.MESH, folder);
    }
    Set<String> consumers = guestDomains(governed);
    for (String domain : domains(governed, folder)) {
      if (maintained.includes(domain)) {
        domains.put(domain, session.ledger().examine(RegistryKeys.partition(domain)));
        examineReads(domain, folder);
        consumers.add(session.catalog().homeConsumerPartition(domain));
      }
    }
    for (String consumer : consumers) {
      if (maintained.includes(consumer) && !domains.containsKey(consumer)) {
        domains.put(consumer, session.ledger().examine(consumer));
      }
    }
    Map<String, Set<String>> products = products(domains, folder);
    for (Map.Entry<String, PartitionVerification> domain : domains.entrySet()) {
      examineDomain(
          domain.getKey(),
          domain.getValue(),
          products.getOrDefault(domain.getKey(), Set.of()),
          folder);
    }
    domains.forEach(
        (domain, check) ->
            new ExecutorExamination(session, domain, clock, folder).examine(check, findings));
    findings.addAll(NoticeDelivery.findings(session, maintained, reachable.governances(session)));
    return new MeshDiagnosis(findings);
  }

  /**
   * Examines the mesh, and reads every data file completely.
   *
   * @throws io.meshwork.error.BackendException if the registry or the store cannot be read
   */
  MeshDiagnosis examineEveryFile() {
    everyFile = true;
    return examine();
  }

  /**
   * Examines the archived segments of one log: that their files exist and match the log.
   *
   * @throws io.meshwork.error.BackendException if the registry cannot be read
   */
  List<Finding> examineArchives(String partition) {
    List<Finding> findings = new ArrayList<>();
    new ArchiveExamination(session, partition, DataFolder.empty()).examine(findings);
    return List.copyOf(findings);
  }

  /** Examines the log of a domain's read counts, which does not exist before the first read. */
  private void examineReads(String domain, DataFolder folder) {
    String partition = RegistryKeys.reads(domain);
    PartitionVerification check = session.ledger().examine(partition);
    findings.addAll(check.findings());
    clock.examine(partition, check, findings);
    new ArchiveExamination(session, partition, folder).examine(findings);
  }

  /** Returns the domains, from governance documents as {@code partition sortKey} and folders. */
  private Set<String> domains(Set<String> governed, DataFolder folder) {
    Set<String> domains = new TreeSet<>();
    for (String document : governed) {
      String sort = document.substring(document.indexOf(' ') + 1);
      if (sort.startsWith(RegistryKeys.DOMAINS)
          && STORAGE_NAME.matcher(sort.substring(RegistryKeys.DOMAINS.length())).matches()) {
        domains.add(sort.substring(RegistryKeys.DOMAINS.length()));
      }
    }
    for (Key table : folder.tables()) {
      if (folder.containsData(table) && domains.add(table.writingDomain())) {
        findings.add(
            Finding.error(
                FindingCode.DOCUMENT_MISSING,
                RegistryKeys.domain(table.writingDomain()).toString(),
                "Files of this domain's tables exist, but the registry has no such domain.",
                RESTORE));
      }
    }
    return domains;
  }

  /** Returns the partitions in which domains store records as guests. */
  private Set<String> guestDomains(Set<String> governed) {
    Set<String> guests = new TreeSet<>();
    for (String document : governed) {
      int space = document.indexOf(' ');
      String sort = document.substring(space + 1);
      if (sort.startsWith(RegistryKeys.GUESTS)
          && STORAGE_NAME.matcher(sort.substring(RegistryKeys.GUESTS.length())).matches()) {
        guests.add(
            PartitionCatalogs.consumerOf(
                document.substring(0, space), sort.substring(RegistryKeys.GUESTS.length())));
      }
    }
    return guests;
  }

  /** Returns the storage names of products by domain, from cards, subscriptions and folders. */
  private static Map<String, Set<String>> products(
      Map<String, PartitionVerification> domains, DataFolder folder) {
    Map<String, Set<String>> products = new TreeMap<>();
    for (Map.Entry<String, PartitionVerification> domain : domains.entrySet()) {
      for (String sort : domain.getValue().documents()) {
        Matcher subscription = SUBSCRIPTION.matcher(sort);
        if (subscription.matches()) {
          add(products, subscription.group(1), subscription.group(2));
        } else if (sort.startsWith(RegistryKeys.PRODUCTS)) {
          add(products, domain.getKey(), sort.substring(RegistryKeys.PRODUCTS.length()));
        }
      }
    }
    for (Key table : folder.tables()) {
      String domain = table.writingDomain();
      add(products, domain, table.partition().substring(domain.length() + 1));
    }
    return products;
  }

  private static void add(Map<String, Set<String>> products, String domain, String product) {
    if (STORAGE_NAME.matcher(product).matches()) {
      products.computeIfAbsent(domain, absent -> new TreeSet<>()).add(product);
    }
  }

  private void examineDomain(
      String domain, PartitionVerification check, Set<String> products, DataFolder folder) {
    List<Finding> ofProducts = new ArrayList<>();
    for (String product : products) {
      Key card = new Key(RegistryKeys.partition(domain), RegistryKeys.PRODUCTS + product);
      boolean named = check.documents().contains(card.sort());
      examineProduct(domain + "/" + product, card, named, folder, ofProducts);
    }
    findings.addAll(check.findings());
    clock.examine(RegistryKeys.partition(domain), check, findings);
    findings.addAll(ofProducts);
    String partition = RegistryKeys.partition(domain);
    new ArchiveExamination(session, partition, folder).examine(findings);
    new ReaderExamination(session, RegistryKeys.partition(domain)).examine(findings);
    if (!PartitionCatalogs.isConsumer(domain)) {
      new LinkExamination(session, domain).examine(findings);
      new RightsExamination(session, domain).examine(findings);
      IndexTask.examine(session, domain, findings);
    }
  }

  /** Examines a product's partition and tables. */
  private void examineProduct(
      String partition, Key card, boolean named, DataFolder folder, List<Finding> findings) {
    PartitionVerification check = session.ledger().examine(partition);
    findings.addAll(check.findings());
    clock.examine(partition, check, findings);
    if (named && check.isEmpty()) {
      findings.add(
          Finding.error(
              FindingCode.LOG_MISSING,
              partition + " · head",
              "The domain has this product, but its log is missing.",
              RESTORE));
    } else if (!named && !check.isEmpty() && !session.ledger().holds(card)) {
      findings.add(
          Finding.error(
              FindingCode.DOCUMENT_MISSING,
              card.toString(),
              "The product has a log, but its document is missing.",
              RESTORE));
    }
    new ArchiveExamination(session, partition, folder).examine(findings);
    for (Key table : tables(partition, check, folder)) {
      if (!isUnlisted(table, folder)) {
        new TableExamination(
                session,
                table,
                folder.files(table),
                everyFile,
                () -> TableLeftovers.isMissing(session, table, folder),
                foreign,
                findings)
            .examine();
      }
    }
  }

  /** Returns true for a table in a place that could not be listed, and so cannot be examined. */
  private boolean isUnlisted(Key table, DataFolder folder) {
    return !folder.unlisted().isEmpty()
        && session
            .ledger()
            .read(table)
            .filter(pointer -> MeshTables.isBelow(folder.unlisted(), pointer))
            .isPresent();
  }

  private static Set<Key> tables(String partition, PartitionVerification check, DataFolder folder) {
    Set<Key> tables = new TreeSet<>();
    String product = partition.substring(partition.indexOf('/') + 1);
    for (String sort : check.documents()) {
      if (sort.startsWith(TableName.POINTERS)) {
        tables.add(new Key(partition, sort));
      } else if (sort.startsWith(MAJORS)) {
        String table = TableName.POINTERS + product + "_v" + sort.substring(MAJORS.length());
        tables.add(new Key(partition, table));
        tables.add(new Key(partition, table + "_quarantine"));
      }
    }
    folder.tables().stream()
        .filter(table -> table.partition().equals(partition))
        .forEach(tables::add);
    return tables;
  }
}
