package io.meshwork.examples.awsmesh;

import io.meshwork.examples.story.StoryCommand;
import io.meshwork.examples.story.StoryFailedException;
import io.meshwork.testkit.aws.AwsEmulator;
import java.io.IOException;
import java.nio.file.Path;
import java.util.function.BiConsumer;
import org.opentest4j.TestAbortedException;

/** The emulator of AWS on which a story runs. */
public final class StoryEmulator {
  private StoryEmulator() {}

  /**
   * Runs a story on an emulator whose accounts are empty, in the folder of the argument, as {@link
   * StoryCommand#run} does.
   */
  public static void run(String name, String[] arguments, BiConsumer<AwsEmulator, Path> story)
      throws IOException {
    StoryCommand.run(
        name,
        arguments,
        folder -> {
          try (AwsEmulator aws = start(name)) {
            story.accept(aws, folder);
          }
        });
  }

  private static AwsEmulator start(String name) {
    try {
      return AwsEmulator.start();
    } catch (TestAbortedException | IllegalStateException e) {
      throw new StoryFailedException(
          "Cannot run "
              + name
              + " without the AWS emulator. Install what is missing, and run it again.",
          e);
    }
  }
}
