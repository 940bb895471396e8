package io.meshwork.cli.internal.rollout;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.meshwork.MeshClient;
import io.meshwork.cli.internal.file.FilterText;
import io.meshwork.cli.internal.shell.JsonFields;
import io.meshwork.cli.internal.shell.OptionTexts;
import io.meshwork.cli.internal.shell.TerminalText;
import io.meshwork.cli.internal.shell.UsageException;
import io.meshwork.cli.internal.shell.VerbAnswer;
import io.meshwork.cli.internal.verb.MeshVerb;
import io.meshwork.consume.Subscribe;
import io.meshwork.consume.Subscribe.SubscriptionPlan;
import io.meshwork.consume.Subscription;
import java.util.ArrayList;
import java.util.List;
import org.apache.avro.generic.GenericRecord;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Moves a subscription to another major version. */
@Command(
    name = "move",
    description = "Moves your subscription to another major version, with its position.")
final class MoveVerb extends MeshVerb {
  private static final String STARTS_AGAIN =
      "The next poll continues where the last acknowledged batch ended. If that was before both"
          + " versions had the same rows, it returns all rows again, as RESET, and says why.";

  @Parameters(index = "0", paramLabel = "PRODUCT")
  private String product;

  @Parameters(index = "1", paramLabel = "SUBSCRIPTION", description = "Its name in your domain")
  private String name;

  @Option(
      names = "--to",
      paramLabel = "N",
      description = "The major version. Default: the new one of the rollout")
  private @Nullable Integer major;

  @Option(
      names = "--columns",
      paramLabel = "COLUMN,…",
      description = "Those of the new version. Default: as now")
  private @Nullable List<String> columns;

  @Option(
      names = "--where",
      paramLabel = "FILTER",
      description = "By columns of the new version. Default: as now")
  private @Nullable FilterText where;

  @Option(
      names = "--plan",
      description = "Moves nothing; compares the rows that you would read with those you read")
  private boolean plan;

  @Override
  protected VerbAnswer answer(MeshClient client) {
    Subscribe<GenericRecord> move =
        client.subscribe(product).name(name).majorVersion(major == null ? newest(client) : major);
    requireSubscription(client);
    if (columns != null) {
      move = move.columns(OptionTexts.elements(columns));
    }
    if (where != null) {
      move = move.where(where.text());
    }
    if (plan) {
      return compared(move.plan());
    }
    Subscription<GenericRecord> moved = move.commit();
    Subscription.Position position = moved.position();
    ObjectNode document =
        VerbAnswer.newDocument("moved")
            .put("subscription", moved.product() + "/" + moved.name())
            .put("product", moved.product().toString())
            .put("domain", moved.domain())
            .put("major", moved.major())
            .put("continues", continues(moved, position));
    JsonFields.put(document, "positionSnapshotId", position.snapshotId());
    JsonFields.put(document, "positionCommittedAt", position.committedAt().map(JsonFields::time));
    return VerbAnswer.change(
        document,
        moved.domain()
            + "/"
            + moved.name()
            + " reads major version "
            + moved.major()
            + " of "
            + moved.product()
            + " from its next poll on.",
        nextPoll(moved, position));
  }

  /** A name that is not known would be that of a new subscription. */
  private void requireSubscription(MeshClient client) {
    List<String> names =
        client.subscriptions().stream()
            .filter(each -> each.product().toString().equals(product))
            .map(Subscription.Summary::name)
            .toList();
    if (!names.contains(name)) {
      throw new UsageException(
          "You have no subscription '"
              + name
              + "' to "
              + product
              + ". Yours are: "
              + (names.isEmpty() ? "none" : String.join(", ", names))
              + ".");
    }
  }

  /** False if the position has no place in the new version, so that it stayed in the old one. */
  private static boolean continues(Subscription<?> moved, Subscription.Position position) {
    return position.major() == moved.major();
  }

  private static String nextPoll(Subscription<?> moved, Subscription.Position position) {
    if (!continues(moved, position)) {
      return "The next poll starts over and returns all rows, as RESET, and says why.";
    }
    return position.snapshotId().isEmpty()
        ? "The next poll begins with the first rows: no batch was acknowledged yet."
        : "The next poll goes on after snapshot "
            + position.snapshotId().get()
            + position.committedAt().map(at -> " of " + at).orElse("")
            + ".";
  }

  private int newest(MeshClient client) {
    return NamedRollout.newMajorVersion(NamedRollout.newest(client, product)).to();
  }

  private static VerbAnswer compared(SubscriptionPlan plan) {
    ObjectNode document =
        VerbAnswer.newDocument()
            .put("product", plan.product().toString())
            .put("from", plan.from())
            .put("to", plan.to())
            .put("samePublishes", plan.hasSamePublishes())
            .put("rowsBefore", plan.rowsBefore())
            .put("rowsAfter", plan.rowsAfter())
            .put("rowsOnlyBefore", plan.rowsOnlyBefore())
            .put("rowsOnlyAfter", plan.rowsOnlyAfter());
    List<String> lines = new ArrayList<>(TerminalText.of(plan.toString()).lines().toList());
    lines.add(STARTS_AGAIN);
    return VerbAnswer.question(document, lines);
  }

  @Override
  public boolean isChange() {
    return true;
  }
}
