package io.meshwork.cli.internal.data;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.meshwork.cli.ExitCode;
import io.meshwork.cli.internal.shell.JsonFields;
import io.meshwork.cli.internal.shell.RowCount;
import io.meshwork.cli.internal.shell.VerbAnswer;
import io.meshwork.contract.QualityReport;
import io.meshwork.error.ContractViolationException;
import io.meshwork.publish.Publish.PublishPlan;
import java.util.ArrayList;
import java.util.List;

/** What a publish would do, as the answer of a planned change. */
final class PublishPlanDocument {
  private PublishPlanDocument() {}

  static VerbAnswer answer(PublishPlan run) {
    QualityReport quality = run.quality();
    ObjectNode document =
        VerbAnswer.newDocument(run.isAccepted() ? "would publish" : "would be rejected")
            .put("product", run.product().toString())
            .put("contractVersion", run.contract().toString())
            .put("mode", run.mode().text());
    if (run.failure().orElse(null) instanceof ContractViolationException rejection) {
      CheckedRows.putRejected(document, rejection);
    } else {
      CheckedRows.put(document, quality);
      document.set("findings", JsonFields.findings(run.findings()));
    }
    document
        .put("rowsRemoved", run.rowsRemoved())
        .put("quarantineRowsRemoved", run.quarantineRowsRemoved());
    List<String> lines = new ArrayList<>();
    run.rejection().ifPresent(text -> text.lines().forEach(lines::add));
    if (run.isAccepted()) {
      lines.add(
          quality.rowsAccepted()
              + " of "
              + RowCount.of(quality.rowsOffered())
              + " would be published, "
              + quality.rowsQuarantined()
              + " quarantined, "
              + run.rowsRemoved()
              + " removed. Nothing was changed.");
      lines.addAll(CheckedRows.linesOfPlan(run.product(), quality));
    }
    return new VerbAnswer(document, lines, true, run.failure().map(ExitCode::of).orElse(0));
  }
}
