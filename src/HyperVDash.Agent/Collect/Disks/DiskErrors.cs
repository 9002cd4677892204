using System.Globalization;
using System.Text.RegularExpressions;
using HyperVDash.Cim;
using HyperVDash.Model.Disks;

namespace HyperVDash.Agent.Collect.Disks;

/// <summary>Numbers with which the image service refuses, as sentences.</summary>
internal static partial class DiskErrors
{
    public const long JobStarted = 4096;

    public static bool IsNotFound(long? code) => code is 32779 or 0x80070002 or 0x80070003;

    public static string Sentence(string method, long code) => $"{method} answered {Number(code)}: {Words(code)}.";

    public static DiskFault FaultOf(long code) => code switch
    {
        32779 or 0x80070002 or 0x80070003 => DiskFault.NotFound,
        32769 or 0x80070005 => DiskFault.AccessDenied,
        32774 or 0x80070020 => DiskFault.InUse,
        32787 or 0xC03A0018 => DiskFault.Loops,
        0xC03A0003 or 0xC03A0008 or 0xC03A000A => DiskFault.Damaged,
        0xC03A000D => DiskFault.ParentNotFound,
        0xC03A000E => DiskFault.ParentIsAnother,
        0xC03A000F => DiskFault.ParentChanged,
        0xC03A0016 => DiskFault.ParentDenied,
        0xC03A0017 => DiskFault.ParentSizeDiffers,
        0xC03A0019 => DiskFault.ParentDamaged,
        0xC03A001A => DiskFault.NotPlain,
        _ => DiskFault.Unknown,
    };

    private static string Number(long code) => code > int.MaxValue ? string.Create(CultureInfo.InvariantCulture, $"0x{code:X8}") : code.ToString(CultureInfo.InvariantCulture);

    private static string Words(long code) => code switch
    {
        JobStarted => "the job it started did not end in time",
        32768 => "failed",
        32769 or 0x80070005 => "access denied",
        32770 => "not supported",
        32772 => "timed out",
        32773 => "the path is not valid",
        32774 or 0x80070020 => "the file is in use",
        32777 => "the service is not available",
        32779 or 0x80070002 or 0x80070003 => "the file is not there",
        32787 or 0xC03A0018 => "the chain of parents comes back to the file",
        0xC03A0003 or 0xC03A0008 or 0xC03A000A => "footer, header or block table is damaged",
        0xC03A000D => "a parent is not found",
        0xC03A000E => "a parent is another disk than the one it was made from",
        0xC03A000F => "a parent was changed after the disk was made from it",
        0xC03A0016 => "access to a parent is denied",
        0xC03A0017 => "the size of a parent does not match",
        0xC03A0019 => "a parent is damaged",
        0xC03A001A => "the file is sparse, compressed or encrypted",
        _ => "the image service gave no other reason",
    };

    /// <summary>Why a job failed. Its number has 16 bits only; the code of the disk stands in its text, whatever language that is in.</summary>
    public static long OfJob(CimRow job)
    {
        foreach (string column in (string[])["ErrorDescription", "ErrorSummaryDescription", "JobStatus"])
        {
            if (job.String(column) is { } text && Code().Match(text) is { Success: true } match)
            {
                return long.Parse(match.Groups[1].ValueSpan, NumberStyles.HexNumber, CultureInfo.InvariantCulture);
            }
        }

        return job.Int64("ErrorCode") is > 0 and var code ? code : 32768;
    }

    [GeneratedRegex("0x([0-9A-Fa-f]{8})(?![0-9A-Fa-f])")]
    private static partial Regex Code();
}
