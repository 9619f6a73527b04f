using Microsoft.Extensions.Options;

namespace Capacitor.Storage;

/// <summary>The folder of the embedded store, held for this process alone until it is disposed.</summary>
public sealed class DataDirectory : IDisposable
{
    private readonly FileStream _lock;

    /// <summary>Makes the folder when it is missing, and takes it. Throws <see cref="DataDirectoryInUseException"/> when another process has it.</summary>
    public DataDirectory(IOptions<JournalOptions> options)
        : this(options.Value.DataDirectory)
    {
    }

    internal DataDirectory(string path)
    {
        FullPath = Path.GetFullPath(path);
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(FullPath);
        }
        else
        {
            Directory.CreateDirectory(FullPath, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
        _lock = Take(Path.Combine(FullPath, "capacitor.lock"));
    }

    /// <summary>The folder, as an absolute path.</summary>
    public string FullPath { get; }

    /// <summary>Gives the folder back. The lock file stays: removing it would let two others take it at once.</summary>
    public void Dispose() => _lock.Dispose();

    /// <summary>A file that only its owner can read; an existing one is opened as it is.</summary>
    public FileStream OpenPrivate(string fileName, FileMode mode) =>
        new(Path.Combine(FullPath, fileName), Private(mode, FileShare.ReadWrite));

    private FileStream Take(string lockFile)
    {
        try
        {
            return new(lockFile, Private(FileMode.OpenOrCreate, FileShare.None));
        }
        catch (IOException e) when (e is not (DirectoryNotFoundException or FileNotFoundException or PathTooLongException))
        {
            throw new DataDirectoryInUseException(FullPath, e);
        }
    }

    private static FileStreamOptions Private(FileMode mode, FileShare share)
    {
        var options = new FileStreamOptions { Mode = mode, Access = FileAccess.ReadWrite, Share = share };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }
        return options;
    }
}

/// <summary>Another process has the data directory.</summary>
public sealed class DataDirectoryInUseException(string path, Exception inner)
    : IOException($"The data directory '{path}' is in use by another Capacitor process; stop it or set Capacitor:DataDirectory to another folder.", inner);
