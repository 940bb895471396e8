package io.meshwork.cli.internal.upkeep;

import io.meshwork.Mesh;
import io.meshwork.cli.ExitCode;
import io.meshwork.cli.internal.shell.TerminalText;
import io.meshwork.cli.internal.shell.VerbAnswer;
import io.meshwork.cli.internal.verb.FindingList;
import io.meshwork.cli.internal.verb.MeshVerb;
import io.meshwork.error.BackendException;
import io.meshwork.error.Finding;
import java.util.List;

/** A verb that checks a whole mesh; it needs no identity. */
abstract class CheckVerb extends MeshVerb {
  /** Returns what was found. */
  abstract List<Finding> check(Mesh mesh);

  @Override
  protected final VerbAnswer answer() {
    try (Mesh mesh = location().open()) {
      return FindingList.answer(check(mesh), "The mesh is healthy.");
    } catch (BackendException e) {
      String message = TerminalText.of(String.valueOf(e.getMessage()));
      shell().complain(message);
      return VerbAnswer.question(
              VerbAnswer.newDocument("not checked").put("message", message), List.of())
          .exiting(ExitCode.NOT_CHECKED);
    }
  }
}
