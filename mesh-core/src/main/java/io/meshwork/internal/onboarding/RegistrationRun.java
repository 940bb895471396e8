package io.meshwork.internal.onboarding;

import io.meshwork.contract.Contract;
import io.meshwork.contract.OnViolation;
import io.meshwork.contract.Partition;
import io.meshwork.error.MeshAction;
import io.meshwork.error.MeshException;
import io.meshwork.internal.ingest.RowIngestion;
import io.meshwork.internal.ingest.write.AffectedPartitions;
import io.meshwork.internal.publish.run.PublishContext;
import io.meshwork.internal.publish.run.PublishOptions;
import io.meshwork.internal.publish.run.PublishRejection;
import io.meshwork.internal.publish.run.PublishRun;
import io.meshwork.internal.quality.PublishVerdict;
import io.meshwork.internal.quality.RuleContext;
import io.meshwork.internal.receipts.PublishReceipts;
import io.meshwork.internal.runtime.Deadline;
import io.meshwork.internal.runtime.ProgressMeter;
import io.meshwork.internal.runtime.Sha256;
import io.meshwork.internal.scan.PinnedProducts;
import io.meshwork.internal.session.ClientSession;
import io.meshwork.internal.uniqueness.ExistingKeys;
import io.meshwork.operation.Operation.Progress;
import io.meshwork.product.ProductName;
import io.meshwork.publish.Publish.PublishPlan;
import io.meshwork.publish.PublishReceipt;
import io.meshwork.publish.PublishReceipt.PublishMode;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.BiConsumer;
import java.util.function.Supplier;
import org.apache.iceberg.io.FileInfo;
import org.jspecify.annotations.Nullable;

/**
 * Registers the files of one listing, in commits of a bounded size. A later onboarding continues
 * after the last one, because it leaves out the files that are registered.
 *
 * @param definition defines the product with a contract and the columns of folders
 * @param filesPerCommit the most files of one commit
 * @param timeout null for the mesh's
 */
record RegistrationRun(
    ClientSession session,
    ProductName product,
    BiConsumer<Contract, List<Partition>> definition,
    boolean ignoreUnknownColumns,
    int filesPerCommit,
    Progress progress,
    @Nullable Duration timeout,
    MeshAction action) {
  private static final String FILES = "files";

  /**
   * Registers files, at least one.
   *
   * @param defined the base of the same listing, once the product is defined
   */
  PublishReceipt run(OnboardBase base, Deadline deadline, Supplier<OnboardBase> defined) {
    List<List<FileInfo>> parts = base.parts(filesPerCommit);
    if (parts.size() > 1) {
      base.source()
          .requireFit(base.contract(), base.schema(), base.spec(), meter(), deadline, action);
    }
    OnboardBase first = base.of(parts.get(0));
    boolean only = parts.size() == 1;
    PublishReceipt receipt =
        base.exists() ? publish(first, only) : defineAndPublish(first, only, deadline);
    return only ? receipt : rest(receipt, base.exists() ? base : defined.get(), parts);
  }

  /** Registers all parts but the first, and returns the receipt of the last. */
  private PublishReceipt rest(PublishReceipt first, OnboardBase base, List<List<FileInfo>> parts) {
    int total = parts.stream().mapToInt(List::size).sum();
    int done = parts.get(0).size();
    PublishReceipt receipt = first;
    for (int i = 1; i < parts.size(); i++) {
      boolean last = i == parts.size() - 1;
      try {
        meter().end(FILES, done, OptionalLong.of(total));
        receipt = publish(base.of(parts.get(i)), last);
      } catch (MeshException e) {
        throw PartialOnboarding.explain(
            done + " of " + total + " files were registered before, and stay registered.", e);
      }
      done += parts.get(i).size();
    }
    PublishRun.reportCommitted(progress, FILES, total, action);
    return receipt;
  }

  private PublishReceipt defineAndPublish(OnboardBase base, boolean last, Deadline deadline) {
    RowIngestion.Result result = check(base, true, deadline);
    PublishVerdict verdict = result.verdict().ofFirst();
    if (verdict.refused()) {
      result.close();
      throw PublishRejection.of(product, base.version(), verdict);
    }
    base.source().keep(base.contract(), base.schema(), base.spec(), result);
    try {
      definition.accept(base.contract(), base.partitions());
    } catch (RuntimeException e) {
      base.source().discard();
      throw e;
    }
    try {
      return publish(base, last);
    } catch (MeshException e) {
      throw PartialOnboarding.explain(
          "The product " + product + " was defined before, and stays defined.", e);
    }
  }

  /**
   * Publishes the files of one commit.
   *
   * @param last whether a later onboarding of the same listing returns its receipt
   */
  PublishReceipt publish(OnboardBase base, boolean last) {
    try {
      return new PublishRun(begin(base, last)).run();
    } finally {
      base.source().discard();
    }
  }

  private PublishContext begin(OnboardBase base, boolean last) {
    List<FileInfo> named = last ? base.listed().files() : base.source().files();
    return PublishContext.begin(session, product, options(contents(named)), base.source(), action);
  }

  /** The receipt of an onboarding of these files. */
  Optional<PublishReceipt> earlier(List<FileInfo> files) {
    return PublishReceipts.ofOnboarding(session, product, key(contents(files)));
  }

  /** Judges files, at least one, by the code that judges them in a commit. */
  PublishVerdict judge(OnboardBase base, Deadline deadline) {
    if (base.exists()) {
      PublishPlan plan = PublishRun.plan(begin(base, true));
      return new PublishVerdict(plan.quality(), !plan.isAccepted(), "", plan.findings());
    }
    try (RowIngestion.Result result = check(base, false, deadline)) {
      return result.verdict().ofFirst();
    }
  }

  /**
   * Reads all rows of a product that does not exist, and evaluates the rules.
   *
   * @param measuring false if the files are not registered with the result
   */
  private RowIngestion.Result check(OnboardBase base, boolean measuring, Deadline deadline) {
    return base.source()
        .check(
            base.contract(),
            base.schema(),
            base.spec(),
            new RuleContext(
                session.runtime().clock().instant(),
                Map.of(),
                new PinnedProducts(session, product, deadline, action)),
            ExistingKeys.NONE,
            new AffectedPartitions(base.spec(), base.schema()),
            measuring,
            meter(),
            deadline,
            action);
  }

  ProgressMeter meter() {
    return new ProgressMeter(session.runtime().clock(), progress, action);
  }

  private static String contents(List<FileInfo> files) {
    StringBuilder all = new StringBuilder();
    files.forEach(file -> all.append(file.location()).append(' ').append(file.size()).append('\n'));
    return Sha256.hex(all.toString());
  }

  private static String key(String contents) {
    return "onboard-" + contents.substring(0, 32);
  }

  private PublishOptions options(String contents) {
    return new PublishOptions()
        .mode(PublishMode.ONBOARD)
        .key(key(contents))
        .contentDigest(contents)
        .policy(OnViolation.REJECT)
        .ignoreUnknownColumns(ignoreUnknownColumns)
        .progress(progress)
        .timeout(timeout);
  }
}
