package io.meshwork.cli.internal.data;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.meshwork.MeshClient;
import io.meshwork.cli.internal.shell.JsonFields;
import io.meshwork.cli.internal.shell.RowCount;
import io.meshwork.cli.internal.shell.VerbAnswer;
import io.meshwork.contract.QualityReport;
import io.meshwork.error.MeshException;
import io.meshwork.publish.PublishReceipt;
import io.meshwork.publish.PublishReceipt.PublishMode;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What a publish returned, as a change. */
final class ReceiptDocument {
  private static final String SHOWN = " shows it.";
  private static final String NOT_SHOWN = " does not show it until the mirrors run.";
  private static final Logger LOG = LoggerFactory.getLogger(ReceiptDocument.class);

  private ReceiptDocument() {}

  static VerbAnswer answer(MeshClient client, PublishReceipt receipt) {
    ObjectNode document = VerbAnswer.newDocument(status(receipt));
    document.put("product", receipt.product().toString());
    document.put("contractVersion", receipt.contractVersion().toString());
    document.put("major", receipt.major());
    JsonFields.put(document, "snapshotId", receipt.snapshotId());
    CheckedRows.put(document, receipt.quality());
    document.put("rows", receipt.rowsAccepted());
    putIfAny(document, "removed", receipt.rowsRemoved());
    putIfAny(document, "restored", receipt.rowsRestored());
    putIfAny(document, "leftOut", receipt.rowsLeftOut());
    putIfAny(document, "late", receipt.lateRows());
    document.put("publishId", receipt.publishId());
    if (receipt.keyWasGiven()) {
      document.put("idempotencyKey", receipt.idempotencyKey());
    }
    document.put("mode", receipt.mode().text());
    document.put("committedAt", JsonFields.time(receipt.committedAt()));
    List<String> lines = new ArrayList<>();
    lines.add(headline(receipt));
    lines.addAll(CheckedRows.lines(receipt.product(), receipt.quality()));
    mirrored(client, receipt)
        .forEach(
            (service, shown) -> {
              document.withArray("engines").addObject().put("service", service).put("shown", shown);
              lines.add("Engines: " + service + (shown ? SHOWN : NOT_SHOWN));
            });
    return VerbAnswer.change(document, lines.toArray(String[]::new));
  }

  /** A publish has succeeded also if the registry cannot be read afterwards. */
  private static SortedMap<String, Boolean> mirrored(MeshClient client, PublishReceipt receipt) {
    try {
      return receipt.snapshotId().isEmpty()
          ? new TreeMap<>()
          : client.publishHistory(receipt.product()).mirrored(receipt);
    } catch (MeshException e) {
      LOG.debug("It is not known which engines show {}", receipt.product(), e);
      return new TreeMap<>();
    }
  }

  private static void putIfAny(ObjectNode document, String field, long rows) {
    if (rows > 0) {
      document.put(field, rows);
    }
  }

  private static String status(PublishReceipt receipt) {
    if (receipt.replayed()) {
      return "replayed";
    }
    return isNothing(receipt) ? "unchanged" : "published";
  }

  private static boolean isNothing(PublishReceipt receipt) {
    return receipt.snapshotId().isEmpty() && receipt.quality().rowsOffered() == 0;
  }

  private static String headline(PublishReceipt receipt) {
    if (isNothing(receipt)) {
      return "Nothing is published to " + receipt.product() + ": there was no row to publish.";
    }
    return (receipt.mode() == PublishMode.ROLLBACK
            ? RowCount.are(receipt.rowsRestored()) + " restored in " + receipt.product()
            : published(receipt.quality()) + receipt.product() + quarantined(receipt.quality()))
        + counted(receipt.rowsRemoved(), "removed")
        + counted(receipt.rowsLeftOut(), "left out of older versions")
        + counted(receipt.lateRows(), "late")
        + (receipt.replayed() ? replayed(receipt.mode()) : ".");
  }

  private static String replayed(PublishMode mode) {
    return mode == PublishMode.ONBOARD
        ? "; an earlier run did it, and no file is new."
        : "; an earlier run with this key did it.";
  }

  private static String published(QualityReport quality) {
    long accepted = quality.rowsAccepted();
    return (quality.rowsQuarantined() == 0
            ? RowCount.are(accepted)
            : accepted
                + " of "
                + RowCount.of(quality.rowsOffered())
                + (accepted == 1 ? " is" : " are"))
        + " published to ";
  }

  private static String quarantined(QualityReport quality) {
    return quality.rowsQuarantined() == 0
        ? ""
        : ", and "
            + quality.rowsQuarantined()
            + " ("
            + QualityReport.shareText(quality.rowsQuarantined(), quality.rowsOffered())
            + ") "
            + (quality.rowsQuarantined() == 1 ? "is" : "are")
            + " quarantined";
  }

  private static String counted(long rows, String what) {
    return rows == 0 ? "" : "; " + rows + " are " + what;
  }
}
