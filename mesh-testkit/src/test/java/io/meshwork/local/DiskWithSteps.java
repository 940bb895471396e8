package io.meshwork.local;

import io.meshwork.internal.files.DiskCalls;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.function.Consumer;

/** Runs a step of a test after each file was synced, and possibly after each folder. */
final class DiskWithSteps implements DiskCalls {
  private static final long serialVersionUID = 1L;

  private final transient DiskCalls real = DiskCalls.ofSystem();
  private final transient Consumer<Path> afterFile;
  private final transient Consumer<Path> afterFolder;

  DiskWithSteps(Consumer<Path> afterFile) {
    this(afterFile, folder -> {});
  }

  DiskWithSteps(Consumer<Path> afterFile, Consumer<Path> afterFolder) {
    this.afterFile = afterFile;
    this.afterFolder = afterFolder;
  }

  @Override
  public void createFolder(Path folder) throws IOException {
    real.createFolder(folder);
  }

  @Override
  public FileChannel createFile(Path file) throws IOException {
    return real.createFile(file);
  }

  @Override
  public void syncFile(Path file, FileChannel channel) throws IOException {
    real.syncFile(file, channel);
    afterFile.accept(file);
  }

  @Override
  public void link(Path name, Path file) throws IOException {
    real.link(name, file);
  }

  @Override
  public void move(Path from, Path to) throws IOException {
    real.move(from, to);
  }

  @Override
  public void delete(Path path) throws IOException {
    real.delete(path);
  }

  @Override
  public void syncFolder(Path folder) throws IOException {
    real.syncFolder(folder);
    afterFolder.accept(folder);
  }
}
