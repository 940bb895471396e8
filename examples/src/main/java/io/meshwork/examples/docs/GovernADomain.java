package io.meshwork.examples.docs;

import io.meshwork.Mesh;
import io.meshwork.MeshClient;
import io.meshwork.access.AccessPlan;
import io.meshwork.consume.Rows;
import io.meshwork.contract.Contract;
import io.meshwork.governance.AccessReview;
import io.meshwork.governance.Audit;
import io.meshwork.governance.Audit.Checkpoint;
import io.meshwork.local.LocalMesh;
import io.meshwork.product.Classification;
import io.meshwork.product.Principal;
import io.meshwork.request.AccessRequest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.apache.avro.generic.GenericRecord;

/** The work of a decider of a sensitive product: requests, four eyes, a review, and the audit. */
public final class GovernADomain {
  private static final Principal AUDITOR = Principal.of("finance", "auditor");
  private static final Principal INTERN = Principal.of("finance", "intern");

  private Instant now = Instant.parse("2026-11-20T08:00:00Z");

  private GovernADomain() {}

  /** A row of the ledger. */
  record Entry(String account, String iban, long cents, String country) {}

  /** Runs in the folder of the argument. */
  public static void main(String[] arguments) {
    Path folder = Folder.of(arguments);
    new GovernADomain().run(folder);
  }

  private void run(Path folder) {
    try (Mesh mesh = LocalMesh.builder(folder.resolve("mesh")).clock(() -> now).open()) {
      MeshClient decider = mesh.clientAs(Principal.of("bank", "decider"));
      MeshClient security = mesh.clientAs(Principal.of("bank", "security"));
      MeshClient auditor = mesh.clientAs(AUDITOR);
      define(decider);
      auditor.registerDomain("finance").owner("finance@example.org").commit();
      ask(auditor, mesh.clientAs(INTERN));
      queue(decider);
      aMinuteLater();
      decide(decider, security);
      aMinuteLater();
      read(auditor);
      now = now.plus(Duration.ofDays(100));
      review(decider);
      audit(decider, folder.resolve("checkpoint.json"));
    }
  }

  private void aMinuteLater() {
    now = now.plus(Duration.ofMinutes(1));
  }

  private static void define(MeshClient decider) {
    // tag::roles[]
    decider
        .registerDomain("bank")
        .owner("bank@example.org")
        .deciders(Principal.of("bank", "decider"), Principal.of("bank", "security"))
        .commit();
    // end::roles[]
    // tag::define[]
    decider
        .defineProduct("bank/ledger")
        .contract(
            Contract.of(Entry.class)
                .classification(Classification.CONFIDENTIAL)
                .classification(Classification.RESTRICTED, "iban")
                .requireFourEyes())
        .commit();
    // end::define[]
    decider
        .publish("bank/ledger")
        .records(
            List.of(
                new Entry("a-1", "SE45 5000", 1_250, "SE"),
                new Entry("a-2", "NO93 8601", 990, "NO")))
        .commit();
  }

  private void ask(MeshClient auditor, MeshClient intern) {
    auditor
        .requests()
        .requestAccess("bank/ledger")
        .purpose("Audit of the year")
        .until(now.plus(Duration.ofDays(120)))
        .commit();
    aMinuteLater();
    intern.requests().requestAccess("bank/ledger").columns("iban").purpose("Curious").commit();
  }

  private static void queue(MeshClient decider) {
    // tag::queue[]
    for (AccessRequest request : decider.requests().received()) {
      System.out.println(
          request.requester()
              + " for '"
              + request.purpose()
              + "', risk "
              + request.risk()
              + " by "
              + request.riskyColumns()
              + ", reads already "
              + request.alreadyReadable());
    }
    // end::queue[]
  }

  private static void decide(MeshClient decider, MeshClient security) {
    AccessRequest audit = decider.requests().received().get(0);
    AccessRequest curious = decider.requests().received().get(1);
    // tag::decide[]
    decider
        .requests()
        .deny(curious)
        .because("The purpose does not require account numbers")
        .commit();
    AccessPlan<AccessRequest> plan =
        decider
            .requests()
            .approve(audit)
            .columns("account", "cents", "country")
            .rows("country = 'SE'")
            .because("Swedish audit; account numbers of banks are not needed")
            .plan();
    plan.findings().forEach(finding -> System.out.println(finding.code()));
    System.out.println(plan.commit().approvalsMissing() + " approval is missing");
    System.out.println(security.requests().approve(audit).because("Agreed").commit().state());
    // end::decide[]
  }

  private static void read(MeshClient auditor) {
    // tag::read[]
    try (Rows<GenericRecord> rows =
        auditor.read("bank/ledger").columns("account", "cents").rows()) {
      rows.forEach(row -> System.out.println(row.get("account") + " " + row.get("cents")));
    }
    // end::read[]
  }

  private static void review(MeshClient decider) {
    // tag::review[]
    AccessReview review = decider.governance().accessReview("bank");
    for (AccessReview.Entry each : review.unusedFor(Duration.ofDays(90))) {
      System.out.println(each.grant().to() + " last read at " + each.lastUsed().orElseThrow());
    }
    for (AccessReview.Entry each : review.broaderThanUsed()) {
      System.out.println(each.grant().to() + " never read " + each.unusedColumns());
    }
    System.out.println(review.expiringWithin(Duration.ofDays(30)).size() + " ends soon");
    decider
        .revoke(AccessReview.ids(review.unusedFor(Duration.ofDays(90))))
        .because("Not read for 90 days")
        .commit();
    // end::review[]
  }

  private static void audit(MeshClient decider, Path file) {
    // tag::audit[]
    Audit audit =
        decider.governance().audit().subject("bank/ledger").kinds("access", "grant", "read");
    audit.list().forEach(entry -> System.out.println(entry.action() + " by " + entry.who()));

    KeyPair keys = Checkpoint.newKeys();
    Checkpoint checkpoint = decider.governance().audit().checkpoint(keys.getPrivate());
    keep(file, checkpoint.toJson());
    System.out.println(decider.governance().audit().verify(checkpoint, keys.getPublic()));
    // end::audit[]
  }

  private static void keep(Path file, String text) {
    try {
      Files.writeString(file, text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
