using MudBlazor;

namespace HyperVDash.Web.Components.Layout;

/// <summary>The look of MudBlazor parts, from the same tokens as the style sheet.</summary>
internal static class HiveTheme
{
    private static readonly string[] Text = ["Inter", "Segoe UI Variable Text", "Segoe UI", "system-ui", "Noto Sans", "sans-serif"];
    private static readonly string[] Display = ["Inter", "Segoe UI Variable Display", "Segoe UI", "system-ui", "sans-serif"];

    public static readonly MudTheme Theme = new()
    {
        PaletteLight = new PaletteLight
        {
            Primary = "#0B6068", PrimaryContrastText = "#FFFFFF", Secondary = "#434D4A", Tertiary = "#4A4DB8", Dark = "#141A19",
            Error = "#C7283A", Warning = "#B57900", WarningContrastText = "#1D1300", Info = "#2B6CCB", Success = "#1E8757",
            TextPrimary = "#141A19", TextSecondary = "#434D4A", TextDisabled = "#5C6663",
            ActionDefault = "#434D4A", ActionDisabled = "#5C6663", ActionDisabledBackground = "#ECEEEB",
            Background = "#F4F5F3", BackgroundGray = "#ECEEEB", Surface = "#FFFFFF",
            DrawerBackground = "#ECEEEB", DrawerText = "#434D4A", DrawerIcon = "#434D4A", AppbarBackground = "#F4F5F3", AppbarText = "#141A19",
            LinesDefault = "#DFE3DF", LinesInputs = "#7F8985", TableLines = "#DFE3DF", Divider = "#DFE3DF", DividerLight = "#DFE3DF",
            TableHover = "#141A1908", TableStriped = "#141A1905", Skeleton = "#DFE3DF", HoverOpacity = .05, RippleOpacity = 0, RippleOpacitySecondary = 0,
        },
        PaletteDark = new PaletteDark
        {
            Primary = "#5FC3C9", PrimaryContrastText = "#06201F", Secondary = "#B0BAB6", Tertiary = "#A9ABF7", Dark = "#E7ECEA",
            Error = "#E5484D", Warning = "#E0A52E", WarningContrastText = "#1D1300", Info = "#4C8DE8", Success = "#3DAE76",
            TextPrimary = "#E7ECEA", TextSecondary = "#B0BAB6", TextDisabled = "#8B9692",
            ActionDefault = "#B0BAB6", ActionDisabled = "#8B9692", ActionDisabledBackground = "#232A28",
            Background = "#0D1110", BackgroundGray = "#101514", Surface = "#141918",
            DrawerBackground = "#0A0D0D", DrawerText = "#B0BAB6", DrawerIcon = "#B0BAB6", AppbarBackground = "#0D1110", AppbarText = "#E7ECEA",
            LinesDefault = "#232A28", LinesInputs = "#65706D", TableLines = "#232A28", Divider = "#232A28", DividerLight = "#232A28",
            TableHover = "#E7ECEA0A", TableStriped = "#E7ECEA05", Skeleton = "#232A28", HoverOpacity = .06, RippleOpacity = 0, RippleOpacitySecondary = 0,
        },
        Typography = new()
        {
            Default = new DefaultTypography { FontFamily = Text, FontSize = "13px", FontWeight = "400", LineHeight = "20px", LetterSpacing = "normal" },
            H1 = new H1Typography { FontFamily = Display, FontSize = "22px", FontWeight = "600", LineHeight = "30px", LetterSpacing = "-.014em" },
            H2 = new H2Typography { FontFamily = Display, FontSize = "20px", FontWeight = "600", LineHeight = "28px", LetterSpacing = "-.01em" },
            H3 = new H3Typography { FontFamily = Display, FontSize = "28px", FontWeight = "600", LineHeight = "34px", LetterSpacing = "-.02em" },
            H6 = new H6Typography { FontFamily = Text, FontSize = "13px", FontWeight = "600", LineHeight = "20px", LetterSpacing = "normal" },
            Subtitle1 = new Subtitle1Typography { FontFamily = Text, FontSize = "14px", FontWeight = "400", LineHeight = "22px", LetterSpacing = "normal" },
            Subtitle2 = new Subtitle2Typography { FontFamily = Text, FontSize = "12px", FontWeight = "500", LineHeight = "16px", LetterSpacing = "normal" },
            Body1 = new Body1Typography { FontFamily = Text, FontSize = "13px", FontWeight = "400", LineHeight = "20px", LetterSpacing = "normal" },
            Body2 = new Body2Typography { FontFamily = Text, FontSize = "13px", FontWeight = "400", LineHeight = "20px", LetterSpacing = "normal" },
            Button = new ButtonTypography { FontFamily = Text, FontSize = "13px", FontWeight = "500", LineHeight = "20px", LetterSpacing = "normal", TextTransform = "none" },
            Caption = new CaptionTypography { FontFamily = Text, FontSize = "12px", FontWeight = "400", LineHeight = "16px", LetterSpacing = "normal" },
            Overline = new OverlineTypography { FontFamily = Text, FontSize = "11px", FontWeight = "500", LineHeight = "16px", LetterSpacing = "normal", TextTransform = "none" },
        },
        LayoutProperties = new() { DefaultBorderRadius = "6px", DrawerWidthLeft = "208px", DrawerMiniWidthLeft = "64px", AppbarHeight = "48px" },
        Shadows = new() { Elevation = [.. Enumerable.Repeat("none", 26)] },
    };
}
