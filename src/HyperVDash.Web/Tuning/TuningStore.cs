using System.Text;
using HyperVDash.Rules;
using HyperVDash.Web.Features.Rules;
using HyperVDash.Web.Fleet;

namespace HyperVDash.Web.Tuning;

/// <summary>
/// Keeps what is saved from the pages about rules, in a file of its own: the settings file may be read-only, hold comments or stand under version control, and is never
/// written. One change after another; what would overwrite a change that its author did not see is refused.
/// </summary>
public sealed partial class TuningStore(RuleBook book, WebOptions options, TimeProvider time, ILogger<TuningStore> log) : IDisposable
{
    public const string FileName = "rules.tuning.json";

    /// <summary>Subfolder for what is saved while the demo lab is shown: it is about hosts that nobody has.</summary>
    public const string DemoFolder = "demo";

    /// <summary>How long a change waits for another process that is saving.</summary>
    public static readonly TimeSpan LockPatience = TimeSpan.FromSeconds(5);

    private static readonly TimeSpan LockPause = TimeSpan.FromMilliseconds(100);

    /// <summary>Thousands of entries with long texts take less; a larger file is neither written nor used.</summary>
    public int MaxFileBytes { get; init; } = 32 * 1024 * 1024;

    private readonly SemaphoreSlim _turn = new(1);

    // What the file held when it was last read or written; null: there was none.
    private byte[]? _known;

    // What was asked for and saved last, and what the rule's revision was then.
    private (string RuleId, Dictionary<string, string> Asked, string Revision)? _last;

    public string FilePath { get; private set; } = Path.Combine(options.EffectiveStateFolder, FileName);

    /// <summary>Takes over what the file holds. One that cannot be used stays as it is, and the book says why.</summary>
    /// <param name="isDemo">The demo lab is shown.</param>
    public async Task OpenAsync(bool isDemo, CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken);
        try
        {
            FilePath = Path.Combine(options.EffectiveStateFolder, isDemo ? DemoFolder : "", FileName);
            TakeOver(Read());
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            book.Damage = $"What was saved about rules cannot be read from {FilePath}: {fault.Message.TrimEnd('.')}. Until the dashboard may read it and is started again, the settings file alone holds.";
            LogUnusable(book.Damage);
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>Saves the change of one rule that a form asks for, and makes it hold.</summary>
    /// <param name="asked">By the names of the form's fields; <c>Revision</c> is the one that its author saw.</param>
    public async Task<TuningOutcome> SaveAsync(string ruleId, IReadOnlyDictionary<string, string> asked, CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken);
        try
        {
            // What is refused anyway leaves nothing on the disk, not even a lock.
            if (Refuse(ruleId, asked, out _) is { } refused)
            {
                return refused;
            }

            // Again, and from reading to writing alone: else two processes both start from the same file, and one change is lost.
            using var alone = await LockAsync(cancellationToken);
            if (alone is null)
            {
                book.Unsaved = $"{LockPath} stayed locked for {LockPatience.TotalSeconds:0} seconds, because another dashboard that uses this folder is saving. Save again; if it stays locked, see which other process has the file open, or give this dashboard another folder with Web:StateFolder.";
                LogLocked(ruleId, LockPath);
                return TuningOutcome.Failed;
            }

            if (Refuse(ruleId, asked, out var change) is { } now)
            {
                return now;
            }

            Write(change.Bytes);
            book.Saved = change.Trial.Saved;
            book.Unsaved = null;
            _last = (ruleId, asked.ToDictionary(StringComparer.Ordinal), book.Saved.RevisionOf(ruleId));
            LogTuned(ruleId, VisibleText.Of(change.By), change.Trial.Words);
            return TuningOutcome.Saved;
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            book.Unsaved = $"{FilePath} cannot be written: {fault.Message.TrimEnd('.')}. The account of the dashboard needs the right to write there, or Web:StateFolder names another folder.";
            LogUnsaved(ruleId, fault);
            return TuningOutcome.Failed;
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>Takes over what the file holds now, and says what speaks against a change of it.</summary>
    /// <param name="change">What is to be written; meaningful only if nothing speaks against it.</param>
    private TuningOutcome? Refuse(string ruleId, IReadOnlyDictionary<string, string> asked, out (RuleTrial Trial, byte[] Bytes, string By) change)
    {
        change = default;
        byte[]? now = Read();
        if (!Same(now, _known) || book.Damage is not null)
        {
            TakeOver(now);
        }

        if (book.Damage is not null)
        {
            return TuningOutcome.Damaged;
        }

        var stamp = new Stamp(asked.GetValueOrDefault("SetBy")?.Trim() ?? "", DateOnly.FromDateTime(time.GetUtcNow().UtcDateTime));
        if (asked.GetValueOrDefault("Revision") != book.Saved.RevisionOf(ruleId))
        {
            return IsSavedAlready(ruleId, asked) ? TuningOutcome.Saved : TuningOutcome.Outdated;
        }

        if (stamp.By.Length == 0)
        {
            return TuningOutcome.Nameless;
        }

        if (RuleTrial.Of(ruleId, book, asked, stamp) is not { Mistakes.IsEmpty: true } trial)
        {
            return TuningOutcome.Refused;
        }

        byte[] bytes = Encoding.UTF8.GetBytes(trial.Saved.ToJson());
        if (bytes.Length > MaxFileBytes)
        {
            book.Unsaved = $"{FilePath} would be larger than {MaxFileBytes / 1024 / 1024} MiB, and would not be used any more. Take back entries that are no longer needed, or write shorter reasons.";
            return TuningOutcome.Failed;
        }

        change = (trial, bytes, stamp.By);
        return null;
    }

    /// <summary>Whoever clicks twice asks the second time for what the first time has just saved, and nothing of the rule changed in between.</summary>
    private bool IsSavedAlready(string ruleId, IReadOnlyDictionary<string, string> asked) =>
        _last is { } last && last.RuleId == ruleId && last.Revision == book.Saved.RevisionOf(ruleId)
        && last.Asked.Count == asked.Count && last.Asked.All(f => asked.TryGetValue(f.Key, out string? text) && text == f.Value);

    public void Dispose() => _turn.Dispose();

    private string LockPath => FilePath + ".lock";

    /// <summary>Null: another process holds it all the time. The file stays there, for who deletes it could delete the lock that another has just taken.</summary>
    private async Task<FileStream?> LockAsync(CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(LockPath)!);
        long since = time.GetTimestamp();
        while (true)
        {
            try
            {
                return new FileStream(LockPath, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, bufferSize: 0);
            }
            catch (IOException taken) when (IsTaken(taken))
            {
                if (time.GetElapsedTime(since) >= LockPatience)
                {
                    return null;
                }
            }

            await Task.Delay(LockPause, time, cancellationToken);
        }
    }

    // ERROR_SHARING_VIOLATION and ERROR_LOCK_VIOLATION of Windows, EWOULDBLOCK of Linux and of macOS: anything else would not pass by waiting.
    private static bool IsTaken(IOException fault) => (fault.HResult & 0xFFFF) is 32 or 33 or 11 or 35;

    private byte[]? Read()
    {
        try
        {
            using var file = new FileStream(FilePath, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            if (file.Length > MaxFileBytes)
            {
                // Kept as what no file of ours is, so that it is neither used nor written over.
                return [];
            }

            byte[] bytes = new byte[file.Length];
            file.ReadExactly(bytes);
            return bytes;
        }
        catch (Exception none) when (none is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
    }

    private void TakeOver(byte[]? bytes)
    {
        _known = bytes;
        try
        {
            book.Saved = bytes is null ? SavedTuning.None : SavedTuningText.Read(Text(bytes), book.FromFile);
            book.Damage = null;
            foreach (string mistake in book.Saved.Mistakes)
            {
                LogUnusable($"{FilePath}: {VisibleText.Of(mistake)} It is kept and not applied.");
            }
        }
        catch (FormatException wrong)
        {
            book.Saved = SavedTuning.None;
            book.Damage = $"What was saved about rules is not applied, because {FilePath} cannot be used: {VisibleText.Of(wrong.Message)}. Mend the file, or move it away; until then the settings file alone holds, and nothing is saved.";
            LogUnusable(book.Damage);
        }
    }

    private string Text(byte[] bytes)
    {
        try
        {
            return bytes.Length == 0 ? throw new FormatException($"it is empty, or larger than {MaxFileBytes / 1024 / 1024} MiB") : new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(bytes).TrimStart('\uFEFF');
        }
        catch (ArgumentException)
        {
            throw new FormatException("it is no UTF-8 text");
        }
    }

    /// <summary>Complete or not there: a crash never leaves half of a file.</summary>
    private void Write(byte[] bytes)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(FilePath)!);
        string unfinished = FilePath + ".new";
        using (var file = new FileStream(unfinished, FileMode.Create, FileAccess.Write, FileShare.None))
        {
            file.Write(bytes);
            file.Flush(flushToDisk: true);
        }

        File.Move(unfinished, FilePath, overwrite: true);
        _known = bytes;
    }

    private static bool Same(byte[]? a, byte[]? b) => a is null ? b is null : b is not null && a.AsSpan().SequenceEqual(b);

    [LoggerMessage(LogLevel.Information, "Rule {RuleId} was tuned by {Person}: {Change}")]
    private partial void LogTuned(string ruleId, string person, string change);

    [LoggerMessage(LogLevel.Warning, "{Reason}")]
    private partial void LogUnusable(string reason);

    [LoggerMessage(LogLevel.Warning, "A change of rule {RuleId} was not saved, because {File} stayed locked")]
    private partial void LogLocked(string ruleId, string file);

    [LoggerMessage(LogLevel.Error, "A change of rule {RuleId} could not be saved")]
    private partial void LogUnsaved(string ruleId, Exception fault);
}
