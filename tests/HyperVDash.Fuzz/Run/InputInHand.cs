using System.Diagnostics;
using System.IO.MemoryMappedFiles;
using HyperVDash.Fuzz.Mutation;

namespace HyperVDash.Fuzz.Run;

/// <summary>
/// The input that is being read, in a file that outlives the process: a stack that overflows and a memory that is full leave nothing else.
/// Ends the process if one input is never done.
/// </summary>
internal sealed class InputInHand : IDisposable
{
    /// <summary>Exit code of a process that hung.</summary>
    public const int Hung = 4;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly MemoryMappedFile _file;
    private readonly MemoryMappedViewAccessor _view;
    private readonly ITimer _guard;
    private long _since;

    public InputInHand(string path, TimeProvider time)
    {
        _file = MemoryMappedFile.CreateFromFile(path, FileMode.Create, null, Mutator.MaxLength + sizeof(int));
        _view = _file.CreateViewAccessor();
        _guard = time.CreateTimer(_ => EndIfHung(), null, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(1));
    }

    public void Take(byte[] input)
    {
        int length = Math.Min(input.Length, Mutator.MaxLength);
        _view.Write(0, length);
        _view.WriteArray(sizeof(int), input, 0, length);
        Volatile.Write(ref _since, Stopwatch.GetTimestamp());
    }

    public void Drop() => Volatile.Write(ref _since, 0);

    /// <summary>What a process that is gone was reading.</summary>
    public static byte[] Left(string path)
    {
        byte[] file = File.ReadAllBytes(path);
        return file.AsSpan(sizeof(int), Math.Clamp(BitConverter.ToInt32(file), 0, file.Length - sizeof(int))).ToArray();
    }

    private void EndIfHung()
    {
        long since = Volatile.Read(ref _since);
        if (since != 0 && Stopwatch.GetElapsedTime(since) > Patience)
        {
            Environment.Exit(Hung);
        }
    }

    public void Dispose()
    {
        _guard.Dispose();
        _view.Dispose();
        _file.Dispose();
    }
}
