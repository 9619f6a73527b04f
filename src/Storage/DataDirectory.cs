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
        catch (IOException e) when (IsTaken(e))
        {
            throw new DataDirectoryInUseException(FullPath, e);
        }
    }

    // A lock that another process holds has no exception type of its own: EAGAIN of Linux, EWOULDBLOCK of the BSDs, sharing and lock violation of Windows.
    private static bool IsTaken(IOException failure) => failure.HResult is 11 or 35 or unchecked((int)0x80070020) or unchecked((int)0x80070021);

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

/// <summary>A newer version of Capacitor wrote the data directory.</summary>
public sealed class DataDirectoryTooNewException(long schema, long known)
    : Exception($"The data directory was written by a newer version of Capacitor (schema {schema}; this one knows {known}). Start that version, or use another folder.");
